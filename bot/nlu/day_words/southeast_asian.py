"""How Vietnamese, Indonesian and Filipino speak of days."""

from bot.nlu.day_words.form import DAYS, MONTHS, DateWords

_SMALL_VI = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_WEEKDAYS_VI = ("hai", "ba", "tư", "năm", "sáu", "bảy")

VIETNAMESE = DateWords(
    cldr="vi",
    order="day",
    folded=True,
    days={
        "hôm nay": 0, "sáng nay": 0, "trưa nay": 0, "chiều nay": 0, "tối nay": 0, "bữa nay": 0,
        "hôm qua": -1, "tối qua": -1, "đêm qua": -1, "chiều qua": -1, "sáng qua": -1,
        "bữa qua": -1, "hôm kia": -2, "bữa kia": -2, "hôm kìa": -3,
        "ngày mai": 1, "sáng mai": 1, "chiều mai": 1, "tối mai": 1,
        "ngày kia": 2, "ngày mốt": 2, "hnay": 0, "hqua": -1,
    },
    years={
        "năm kia": -2, "năm ngoái": -1, "năm trước": -1, "năm rồi": -1, "năm nay": 0,
        "năm sau": 1, "năm tới": 1,
    },
    numbers={name: n for n, name in enumerate(_SMALL_VI, 1)} | {"bẩy": 7, "mươi": 10},
    units={
        "ngày": (DAYS, 1), "hôm": (DAYS, 1), "bữa": (DAYS, 1), "tuần": (DAYS, 7),
        "tuần lễ": (DAYS, 7), "tháng": (MONTHS, 1), "năm": (MONTHS, 12),
    },
    weekdays={f"thứ {name}": n for n, name in enumerate(_WEEKDAYS_VI)}
    | {f"thứ {n + 2}": n for n in range(6)}
    | {"thứ bốn": 2, "thứ bẩy": 5, "chủ nhật": 6, "chúa nhật": 6},
    short={f"t{n + 2}": n for n in range(6)} | {"cn": 6},
    months={
        f"tháng {name}": n
        for n, name in enumerate(
            ["giêng", *_SMALL_VI[1:], "mười một", "mười hai", "chạp"], 1
        )
        if name != "chạp"
    } | {"tháng một": 1, "tháng tư": 4, "tháng chạp": 12},
    weeks={
        "tuần trước": -1, "tuần rồi": -1, "tuần vừa rồi": -1, "tuần qua": -1,
        "tuần vừa qua": -1, "tuần này": 0, "tuần sau": 1, "tuần tới": 1,
    },
    month_of={
        "tháng trước": -1, "tháng rồi": -1, "tháng vừa rồi": -1, "tháng này": 0,
        "tháng sau": 1, "tháng tới": 1,
    },
    ago=(r"(?:cach day )?{n} {unit} (?:truoc|roi|ve truoc)", r"cach day {n} {unit}"),
    later=(r"{n} {unit} (?:nua|sau|toi)", r"sau {n} {unit}"),
    of_week=(r"{weekday} (?:cua )?{week}", r"{week},? (?:vao )?{weekday}"),
    last=(r"{weekday} (?:vua roi|vua qua|truoc|roi)",),
    next=(r"{weekday} (?:sau|toi|sap toi)",),
    near=(
        (
            r"(?<!lan )(?<!nguoi )(?<!cai )(?<!con )(?<!dua )(?<!tang )(?<!nam )(?<!ngay )"
            r"(?<!tuan )(?<!dieu )(?<!buoc )(?<!the ){weekday}"
        ),
    ),
    day_month=(
        r"(?:ngay |mung |mong |hom )?{d} {month}(?:,? (?:nam )?{y})?",
        r"(?:ngay |mung |mong |hom )?{d} (?:thang|thg) {month_number}(?:,? (?:nam )?{y})?",
    ),
    day_of=(r"(?:ngay|mung|hom) {d} {month_of}",),
    end_of=(
        r"(?:cuoi|ngay cuoi(?: cung)?(?: cua)?) {month_of}",
        r"(?:cuoi|ngay cuoi(?: cung)?(?: cua)?) {month}(?: nam {y})?",
    ),
    end=(r"(?:ngay )?cuoi thang(?! \d)",),
    only_day=(r"^(?:hom |vao )?ngay {d}$", r"{weekday},? ngay {d}(?! (?:thang|thg))"),
    month_only=(r"(?:tu|vao|hoi|tu hoi) {month}(?: nam {y})?", r"^{month}(?: nam {y})?$"),
)  # fmt: skip

_SMALL_ID = (
    "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
)  # fmt: skip

INDONESIAN = DateWords(
    cldr="id",
    order="day",
    either_week=True,
    days={
        "hari ini": 0, "hr ini": 0, "tadi pagi": 0, "tadi siang": 0, "tadi sore": 0, "barusan": 0,
        "malam ini": 0, "kemarin": -1, "kemaren": -1, "kmrn": -1, "kmren": -1, "tadi malam": -1,
        "semalam": -1, "kemarin malam": -1, "kemarin lusa": -2, "kemarin dulu": -2,
        "dua hari lalu": -2, "besok": 1, "bsk": 1, "esok": 1, "lusa": 2, "besok lusa": 2,
    },
    years={
        "tahun lalu": -1, "tahun yang lalu": -1, "tahun kemarin": -1, "tahun kemaren": -1,
        "thn lalu": -1, "tahun ini": 0, "tahun depan": 1,
    },
    numbers={name: n for n, name in enumerate(_SMALL_ID, 1)} | {"se": 1},
    units={
        "hari": (DAYS, 1), "hr": (DAYS, 1), "minggu": (DAYS, 7), "mgg": (DAYS, 7),
        "pekan": (DAYS, 7), "bulan": (MONTHS, 1), "bln": (MONTHS, 1), "tahun": (MONTHS, 12),
        "thn": (MONTHS, 12), "th": (MONTHS, 12),
    },
    weekdays={"jum'at": 4, "jumat": 4, "ahad": 6},
    months={"nopember": 11, "nop": 11, "pebruari": 2, "agustus": 8, "agt": 8, "agst": 8},
    weeks={
        "minggu lalu": -1, "minggu kemarin": -1, "minggu yang lalu": -1, "minggu kemaren": -1,
        "pekan lalu": -1, "minggu ini": 0, "pekan ini": 0, "minggu depan": 1, "pekan depan": 1,
    },
    month_of={
        "bulan lalu": -1, "bulan kemarin": -1, "bulan yang lalu": -1, "bln lalu": -1,
        "bulan ini": 0, "bln ini": 0, "bulan depan": 1, "bln depan": 1,
    },
    ago=(r"{n} ?{unit}(?: yang| yg)? (?:lalu|kemarin|kemaren|silam)", r"{n} ?{unit} sebelum ini"),
    later=(r"{n} ?{unit} (?:lagi|kemudian|mendatang)",),
    of_week=(
        r"(?:hari )?{weekday},? {week}", r"{week},? (?:hari )?{weekday}",
        r"(?:hari )?(?!minggu){weekday} ini",
    ),
    last=(
        r"(?:hari )?(?!minggu){weekday} (?:yang |yg )?(?:lalu|kemarin|kemaren)",
        r"hari {weekday} (?:yang |yg )?(?:lalu|kemarin|kemaren)",
        r"(?:kemarin|kemaren|kmrn) (?:hari |(?!minggu)){weekday}",
    ),
    next=(
        r"(?:hari )?(?!minggu){weekday} (?:depan|yang akan datang)", r"hari {weekday} depan",
    ),
    near=(r"hari {weekday}", r"(?!minggu){long_weekday}"),
    day_month=(r"(?:tanggal |tgl |tgl\. ?)?{d} {month},?(?: {y})?",),
    day_of=(r"(?:tanggal |tgl )?{d} {month_of}",),
    end_of=(r"akhir {month_of}", r"akhir {month}(?: {y})?"),
    end=(r"akhir bulan(?! (?:lalu|ini|depan|kemarin|yang))",),
    only_day=(r"(?:tanggal|tgl) {d}",),
    month_only=(r"(?:sejak|dari|bulan|sejak bulan|pada) {month}(?: {y})?", r"^{month}(?: {y})?$"),
)  # fmt: skip

_ENGLISH_WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SMALL_TL = ("isa", "dalawa", "tatlo", "apat", "lima", "anim", "pito", "walo", "siyam", "sampu")
_LINKED_TL = {
    "isang": 1, "dalawang": 2, "tatlong": 3, "limang": 5, "pitong": 7, "walong": 8, "sampung": 10,
}  # fmt: skip

FILIPINO = DateWords(
    cldr="fil",
    order="either",
    either_week=True,
    days={
        "ngayon": 0, "ngayong araw": 0, "ngayong umaga": 0, "ngayong gabi": 0, "kanina": 0,
        "kaninang umaga": 0, "kanina lang": 0, "kaninang hapon": 0, "kahapon": -1, "kagabi": -1,
        "kahapon ng umaga": -1, "kahapon ng gabi": -1, "kamakalawa": -2, "bukas": 1,
        "sa makalawa": 2, "samakalawa": 2,
    },
    years={
        "nakaraang taon": -1, "noong nakaraang taon": -1, "nung nakaraang taon": -1,
        "noong isang taon": -1, "nung isang taon": -1, "ngayong taon": 0, "susunod na taon": 1,
        "sa susunod na taon": 1,
    },
    numbers={name: n for n, name in enumerate(_SMALL_TL, 1)} | _LINKED_TL,
    units={
        "araw": (DAYS, 1), "linggo": (DAYS, 7), "buwan": (MONTHS, 1), "taon": (MONTHS, 12),
        "days": (DAYS, 1), "weeks": (DAYS, 7), "months": (MONTHS, 1),
    },
    weekdays={"miyerkoles": 2, "webes": 3, "byernes": 4}
    | {name: n for n, name in enumerate(_ENGLISH_WEEKDAYS)},
    months={name: n for n, name in enumerate(_ENGLISH_MONTHS, 1)},
    weeks={
        "noong nakaraang linggo": -1, "nakaraang linggo": -1, "nung nakaraang linggo": -1,
        "noong isang linggo": -1, "nung isang linggo": -1, "ngayong linggo": 0,
        "linggong ito": 0, "sa susunod na linggo": 1, "susunod na linggo": 1,
    },
    month_of={
        "noong nakaraang buwan": -1, "nakaraang buwan": -1, "nung nakaraang buwan": -1,
        "noong isang buwan": -1, "nung isang buwan": -1, "ngayong buwan": 0, "buwang ito": 0,
        "sa susunod na buwan": 1, "susunod na buwan": 1,
    },
    ago=(
        r"{n} (?:na )?{unit} (?:na )?(?:ang )?(?:nakaraan|nakalipas|nakararaan)",
        r"{n} (?:na )?{unit} (?:ago|na)(?! (?:lang|lamang|ang natitira))",
    ),
    later=(
        r"(?:pagkalipas ng|makalipas ang|pagkatapos ng) {n} (?:na )?{unit}",
        r"{n} (?:na )?{unit} (?:mula ngayon|pa)",
    ),
    of_week=(
        r"(?:noong |nung |sa )?{weekday},? (?:ng |sa )?{week}", r"{week},? (?:noong )?{weekday}",
        r"ngayong (?!linggo){weekday}",
    ),
    last=(r"(?:noong |nung )?nakaraang (?!linggo){weekday}", r"last {weekday}"),
    next=(r"(?:sa )?(?:susunod na|darating na) (?!linggo){weekday}", r"next {weekday}"),
    near=(r"(?:noong|nung|sa|mula|mula noong) {weekday}(?! ito)", r"(?!linggo){long_weekday}"),
    day_month=(
        r"(?:ika-?)?{d}(?: ng)? {month},?(?: {y})?", r"{month} {d},?(?: {y})?",
    ),
    day_of=(r"(?:ika-?)?{d} (?:ng |noong )?{month_of}", r"{month_of},? (?:ika-?|a-?){d}"),
    end_of=(
        r"(?:katapusan|huling araw|dulo) (?:ng )?{month_of}",
        r"(?:katapusan|huling araw|dulo) ng {month}(?: {y})?",
    ),
    end=(r"katapusan(?: ng buwan)?(?! (?:ng|noong|nung|na))",),
    only_day=(r"(?:noong |nung |sa )?(?:ika-|ika |a-){d}(?! ng)",),
    month_only=(
        r"(?:mula|noong|nung|simula|mula noong|simula noong) {month}(?: {y})?",
        r"^{month}(?: {y})?$",
    ),
)  # fmt: skip
