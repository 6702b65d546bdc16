"""How Japanese, Chinese and Korean speak of days."""

from bot.nlu.day_words.form import DAYS, MONTHS, DateWords

JAPANESE = DateWords(
    cldr="ja",
    order="month",
    spaced=False,
    either_week=True,
    days={
        "さきおととい": -3, "一昨々日": -3, "一昨昨日": -3,
        "一昨日": -2, "おととい": -2, "おとつい": -2,
        "昨日": -1, "きのう": -1, "昨夜": -1, "昨晩": -1, "ゆうべ": -1, "前日の夜": -1,
        "今日": 0, "本日": 0, "きょう": 0, "今朝": 0, "けさ": 0, "今夜": 0, "今晩": 0,
        "明日": 1, "あした": 1, "明後日": 2, "あさって": 2,
    },
    years={
        "一昨年": -2, "おととし": -2, "去年": -1, "昨年": -1, "きょねん": -1, "今年": 0,
        "ことし": 0, "来年": 1, "らいねん": 1,
    },
    units={
        "日": (DAYS, 1), "週間": (DAYS, 7), "週": (DAYS, 7),
        "か月": (MONTHS, 1), "ヶ月": (MONTHS, 1), "ヵ月": (MONTHS, 1), "カ月": (MONTHS, 1),
        "ケ月": (MONTHS, 1), "箇月": (MONTHS, 1), "年": (MONTHS, 12),
    },
    weekdays={
        name + tail: day
        for day, name in enumerate("月火水木金土日")
        for tail in ("曜日", "曜")
    } | {
        name + "ようび": day
        for day, name in enumerate(("げつ", "か", "すい", "もく", "きん", "ど", "にち"))
    },
    weeks={
        "先々週": -2, "先週": -1, "せんしゅう": -1, "今週": 0, "こんしゅう": 0,
        "来週": 1, "らいしゅう": 1, "再来週": 2,
    },
    month_of={
        "先々月": -2, "先月": -1, "せんげつ": -1, "今月": 0, "こんげつ": 0,
        "来月": 1, "らいげつ": 1, "再来月": 2,
    },
    ago=(r"{n} ?{unit}前",),
    later=(r"{n} ?{unit}後(?!半)",),
    of_week=(r"{week}の?{weekday}",),
    last=(r"(?:この前|このまえ|こないだ|前)の?{weekday}",),
    next=(r"(?:今度|次|つぎ|こんど)の?{weekday}",),
    near=(r"{weekday}",),
    day_month=(r"(?:{y}年の? ?)?{month_number}月の? ?{d}日?(?![\d月週時年])",),
    day_of=(r"{month_of}の? ?{d}日",),
    end_of=(
        r"{month_of}の?(?:末|終わり|おわり|最終日|最後の日)日?",
        r"(?:{y}年の?)?{month_number}月の?(?:末日?|終わり|おわり|最終日|最後の日)",
    ),
    end=(r"(?<![\d先今来])(?:月末|げつまつ)",),
    only_day=(r"^{d}日(?:に|です|でした|だった)?$",),
    month_only=(
        r"(?:{y}年の?)?{month_number}月(?:から|に|ごろ|頃|まで|以来)",
        r"^(?:{y}年の?)?{month_number}月$",
    ),
)  # fmt: skip

_SEVEN_ZH = "一二三四五六日"

CHINESE = DateWords(
    cldr="zh",
    order="month",
    spaced=False,
    either_week=True,
    days={
        "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "今天": 0,
        "今日": 0, "今早": 0, "今晚": 0, "今儿": 0, "昨儿": -1, "刚才": 0, "明天": 1, "明日": 1,
        "明儿": 1, "后天": 2, "大后天": 3,
    },
    numbers={"两": 2, "俩": 2}
    | {name: n for n, name in enumerate("一二三四五六七八九十", 1)},
    years={"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1},
    units={
        "天": (DAYS, 1), "日": (DAYS, 1), "周": (DAYS, 7), "星期": (DAYS, 7),
        "个星期": (DAYS, 7), "礼拜": (DAYS, 7), "个礼拜": (DAYS, 7), "个周": (DAYS, 7),
        "个月": (MONTHS, 1), "年": (MONTHS, 12),
    },
    weekdays={
        before + name: day
        for day, names in enumerate((*_SEVEN_ZH[:6], "日天"))
        for name in names
        for before in ("星期", "周", "礼拜")
    },
    weeks={
        before + name: week
        for before, week in (("上上", -2), ("上", -1), ("这", 0), ("本", 0), ("下", 1))
        for name in ("周", "个星期", "星期", "个礼拜", "礼拜", "", "个")
    },
    month_of={
        "上上个月": -2, "上个月": -1, "上月": -1, "这个月": 0, "本月": 0, "这月": 0, "下个月": 1,
        "下月": 1,
    },
    ago=(r"{n} ?{unit}(?:以|之)?前",),
    later=(r"{n} ?{unit}(?:以|之)?后(?!半)", r"再过{n} ?{unit}", r"过{n} ?{unit}"),
    of_week=(r"{week}的?{weekday}",),
    near=(r"(?<![上这本下个]){weekday}",),
    day_month=(r"(?:{y}年 ?)?{month_number}月 ?{d}[日号]?(?![\d月周时点年个])",),
    day_of=(r"{month_of}的? ?{d}[日号]",),
    end_of=(
        r"{month_of}(?:的)?(?:底|末|最后一天)",
        r"(?:{y}年)?{month_number}月(?:的)?(?:底|末|最后一天)",
    ),
    end=(r"(?<![\d上这本下个])月底|(?<![\d上这本下个])月末",),
    only_day=(
        r"^{d}[日号](?:的|丢的|了)?$",
        r"(?<![月\d]){d}号(?!线|出口|口|窗|楼|门|房|室|机|站|车|桌|柜|公路|店|码|院|馆|人)",
    ),
    month_only=(
        r"(?:从|自)(?:{y}年)?{month_number}月份?",
        r"(?:{y}年)?{month_number}月(?:份|开始|起|以来|到现在)", r"^(?:{y}年)?{month_number}月$",
    ),
)  # fmt: skip

_DAYS_KO = ("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘")
_COUNTED_KO = {name: n for n, name in enumerate(_DAYS_KO, 1)} | {
    "보름": 15, "일주일": 7, "이주일": 14, "이주": 14, "삼주": 21, "한 주": 7, "한주": 7,
    "두 주": 14, "두주": 14, "세 주": 21,
}  # fmt: skip

KOREAN = DateWords(
    cldr="ko",
    order="month",
    spaced=False,
    either_week=True,
    days={
        "오늘": 0, "오늘 아침": 0, "방금": 0, "어제": -1, "어젯밤": -1, "어제밤": -1, "간밤": -1,
        "그제": -2, "그저께": -2, "그끄제": -3, "그끄저께": -3, "내일": 1, "낼": 1, "모레": 2,
        "내일모레": 2, "글피": 3,
    }
    | {
        f"{name}{gap}{after}": way * n
        for name, n in _COUNTED_KO.items()
        for gap in ("", " ")
        for after, way in (("전", -1), ("후", 1), ("뒤", 1))
    },
    numbers={"한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7},
    years={
        "재작년": -2, "작년": -1, "지난해": -1, "지난 해": -1, "올해": 0, "금년": 0, "내년": 1,
    },
    units={
        "일": (DAYS, 1), "주일": (DAYS, 7), "주": (DAYS, 7), "주간": (DAYS, 7), "달": (MONTHS, 1),
        "개월": (MONTHS, 1), "년": (MONTHS, 12), "해": (MONTHS, 12),
    },
    weeks={
        name + gap + "주": week
        for name, week in (
            ("지지난", -2), ("저저번", -2), ("지난", -1), ("저번", -1), ("이번", 0), ("다음", 1),
            ("다다음", 2),
        )
        for gap in ("", " ")
    },
    month_of={
        name + gap + "달": month
        for name, month in (
            ("지지난", -2), ("저저번", -2), ("지난", -1), ("저번", -1), ("이번", 0), ("다음", 1),
        )
        for gap in ("", " ")
    }
    | {"이달": 0},
    ago=(r"{n} ?{unit} ?(?:이전|전)",),
    later=(r"{n} ?{unit} ?(?:후|뒤|있다가|있으면)",),
    of_week=(r"{week} ?(?:의 )?{weekday}", r"이번 ?{weekday}"),
    last=(r"(?:지난|저번) ?{weekday}",),
    next=(r"(?:다음|오는|돌아오는) ?{weekday}",),
    near=(r"{weekday}",),
    day_month=(r"(?:{y}년 ?)?{month_number}월 ?{d}일?(?![\d월주시년개])",),
    day_of=(r"{month_of} ?{d}일",),
    end_of=(
        r"{month_of} ?(?:말일|말|마지막 ?날)",
        r"(?:{y}년 ?)?{month_number}월 ?(?:말일|말|마지막 ?날)",
    ),
    end=(r"(?<![\d가-힣])월말",),
    only_day=(r"^{d}일(?:에|이요|이에요|입니다|에요)?$",),
    month_only=(
        r"(?:{y}년 ?)?{month_number}월(?:부터|에|달에)(?! ?\d)",
        r"^(?:{y}년 ?)?{month_number}월$",
    ),
)  # fmt: skip
