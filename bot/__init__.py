"""A consultation assistant on LINE for foreign residents of Japan.

The rooms, from the ground up; each imports only downwards:

    settings    what differs between installations
    flow        questions, rules, dates: pure
    dialogue    one conversation, in no particular channel or language: pure
    nlu         free text -> dates, places, what it is about
    i18n        the reader's language
    store       what is kept, encrypted
    line        LINE: in, out, limits
    documents   files that people take away
    mail        e-mail to the office's people
    operator_codes  how an operator's own LINE account is linked
    house       what everything that answers a person is handed
    thinking    what one event leads to; changes nothing
    carrying_out  all that was thought, into the database
    handle      one event from beginning to end
    answering   what the desk does to a conversation
    appointments what the desk does about an appointment
    briefs      what the office reads before it answers
    budgeting   how many messages of the month are left
    rounds      a thread beside the worker that looks, works, and looks again
    fetching    pictures and files for the office
    ends        whether a message may go out, and what became of it
    upkeep      what the worker does now and then: waits end, old data goes
    notices     telling the office's people that a case is there
    link_pages  the pages behind one-time links
    booking_page the file of an appointment, for one's own calendar
    upload_page the page on which papers are uploaded for the office
    web, worker, simulator     the processes
    commands    tools for the content and the office
    __main__    the commands
"""
