"""Paths of the tree, and names in pinyin. Pure."""

import re

from pypinyin import Style, lazy_pinyin

from jizhi.org.models import WIDTH, Level

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# characters that are read differently as a family name; the two-character ones first
SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "令狐": "ling hu", "澹台": "tan tai", "皇甫": "huang fu",
    "鲜于": "xian yu", "宇文": "yu wen", "曾": "zeng", "仇": "qiu", "单": "shan", "查": "zha", "解": "xie", "区": "ou", "任": "ren",
    "盖": "ge", "朴": "piao", "翟": "zhai", "覃": "qin", "华": "hua", "宁": "ning", "乐": "yue", "召": "shao", "冼": "xian", "员": "yun",
    "缪": "miao", "种": "chong", "秘": "bi", "黑": "he", "折": "she", "卜": "bu", "谌": "chen", "逄": "pang", "郗": "xi", "隗": "wei",
    "佴": "nai", "那": "na", "牟": "mu", "燕": "yan", "过": "guo", "应": "ying", "祭": "zhai", "阚": "kan", "相": "xiang", "曲": "qu",
    "重": "chong", "訾": "zi", "葛": "ge", "车": "che", "石": "shi", "繁": "po", "晟": "cheng", "纪": "ji", "尹": "yin", "柏": "bai",
    "么": "yao", "瞿": "qu", "臧": "zang", "褚": "chu", "沈": "shen", "洗": "xian", "哈": "ha", "干": "gan", "句": "gou", "都": "du",
}  # fmt: skip

# which levels may stand below which; a level never stands below itself but for 机关 and 处室
BELOW: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: (Level.CITY, Level.COUNTY, Level.SCHOOL, Level.OFFICE),
    Level.CITY: (Level.COUNTY, Level.SCHOOL, Level.OFFICE),
    Level.COUNTY: (Level.TOWN, Level.SCHOOL, Level.OFFICE),
    Level.TOWN: (Level.VILLAGE, Level.SCHOOL, Level.OFFICE),
    Level.VILLAGE: (Level.SCHOOL, Level.OFFICE),
    Level.SCHOOL: (Level.CAMPUS, Level.DEPARTMENT),
    Level.CAMPUS: (Level.DEPARTMENT,),
    Level.DEPARTMENT: (Level.DEPARTMENT,),
    Level.OFFICE: (Level.OFFICE, Level.SCHOOL),
}
DEEPEST = 5  # cases carry six ancestor columns


def segment(pk: int) -> str:
    """An id as one path segment: base 36, fixed width, so that byte order is the order of the tree."""
    text = ""
    while pk:
        pk, digit = divmod(pk, 36)
        text = DIGITS[digit] + text
    if len(text) > WIDTH:
        raise OverflowError("ids no longer fit into the path")
    return text.rjust(WIDTH, "0")


def placement_problem(level: str, parent_level: str | None, depth: int) -> str | None:
    """Why a unit of this level may not stand there; None when it may."""
    if depth > DEEPEST:
        return "单位层级太深，最多六级"
    if parent_level is not None and level not in BELOW[parent_level]:
        return f"{Level(parent_level).label}下面不能设{Level(level).label}"
    return None


def pinyin_of(name: str, *, person: bool = False) -> tuple[str, str]:
    """(full, initials) of a Chinese name, lower case without tones: 曾 as a family name is zeng, not ceng."""
    name = re.sub(r"[\s·•]+", "", name)
    family = next((s for s in (name[:2], name[:1]) if s in SURNAMES), "") if person else ""
    parts = [*(SURNAMES[family].split() if family else ()), *lazy_pinyin(name[len(family) :], style=Style.NORMAL)]
    return "".join(parts).lower(), "".join(part[:1] for part in parts).lower()
