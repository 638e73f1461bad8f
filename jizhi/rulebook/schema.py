"""JSON Schema of the written form, so that an editor can complete keys and mark wrong ones. The reader says more than it can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jizhi.rulebook.appraisal_reading import FULL, TIE_BREAKS, VETO_NEEDS, WITHIN
from jizhi.rulebook.appraisal_reading import SOURCES as PART_SOURCES
from jizhi.rulebook.language import Clock, Launch, Node, Procedure, Publicity, Recusal, Regulation, SideAct, Standard, Step, Who
from jizhi.rulebook.notices import EITHER, IDENTITIES, MASKS
from jizhi.rulebook.phrases import CODE, FIELD_EXTRAS, FIELD_KINDS, OPERATORS, UNITS
from jizhi.rulebook.reading import SOURCES
from jizhi.rulebook.schedules import COLUMN_KINDS
from jizhi.rulebook.standards import METHODS, SCORINGS
from jizhi.rulebook.tally import RULES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[%％]?$"}]}
WHOLE: Schema = {"type": "integer", "minimum": 0}
YES: Schema = {"enum": ["是", "否"]}
ALLOWED: Schema = {"enum": ["允许", "不允许"]}
DATE: Schema = {"type": "string", "format": "date", "description": "2026-09-01"}
CODE_WORD: Schema = {"type": "string", "pattern": f"^{CODE.pattern}$", "description": "英文字母开头，用于网址和程序"}
SPAN: Schema = {"anyOf": [WHOLE, {"type": "string", "pattern": r"^\d+([-—~～至]\d+|\s*人?以上)?$"}]}
LENGTH: Schema = {
    "type": "string",
    "pattern": rf"^(\d+\s*({'|'.join(UNITS)})|(参数|表单)\..+)$",
    "description": "5日、3个工作日、参数.名称、表单.名称",
}


def schema() -> Schema:
    """Draft 2020-12; every concept is one definition."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "机制 制度文件",
        **_table(
            {
                "制度": TEXT, "代号": CODE_WORD, "施行": DATE, "适用": _table({"单位类型": TEXT}, required=["单位类型"]),
                "条文": _list(_ref("条文")), "参数": _named(_some(_ref("参数值"))), "机构": _named(_ref("机构")),
                "程序": _named(_ref("程序")), "细则": _named(_ref("细则")),
                "附表": _named(_ref("附表")), "基于": TEXT, "可改": _list(TEXT),
            },
            required=["制度", "代号", "施行", "适用"],
            node=Regulation,
        ),
        "$defs": {**_shared(), **_procedure(), **_standard()},
    }  # fmt: skip


def _shared() -> dict[str, Schema]:
    return {
        "条文": _table({"条": TEXT, "文": TEXT, "章": TEXT, "原文": TEXT}, required=["条", "文"]),
        "参数值": _table(
            {"自": DATE, "至": DATE, "地域": TEXT, "值": {}, "来源": {"enum": list(SOURCES)}, "依据": TEXT, "存疑": TEXT},
            required=["自", "值", "来源"],
        ),
        "由": _some(_any(TEXT, _ref("谁"))),
        "谁": _table(
            {
                "机构": TEXT, "职务": TEXT, "当事人": TEXT, "办过": _some(TEXT), "单位": TEXT,
                "除": _ref("除"),
                "议定": {"enum": list(RULES)},
                "身份": {"enum": ["本村户籍"]},
            },
            node=Who,
        ),
        "除": _some(
            _any(
                TEXT, _table({"近亲属": TEXT}), _table({"任职": {"enum": ["对象"]}}),
                _table({"办过": _some(TEXT), "案件": {"enum": ["对象"]}}),
            )
        ),
        "条件": {"type": "object", "additionalProperties": _any(SCALAR, _table({"占": TEXT, **dict.fromkeys(OPERATORS, SCALAR)}))},
        "表单项": _any(
            {"enum": [kind for kind in FIELD_KINDS if kind not in ("选择", "多选")]},
            _table(
                {kind: {} for kind in FIELD_KINDS if kind not in ("选择", "多选")}
                | {"选择": _list(SCALAR), "多选": _list(SCALAR)}
                | {"金额": _any(TEXT, _table({"上限": _any(NUMBER, TEXT), **_extras()}))}
                | {"人": _any(TEXT, _table({"身份": {"enum": ["本村户籍"]}, **_extras()}))}
                | _extras()
            ),
        ),
        "表单": _named(_ref("表单项")),
        "机构": {
            "type": "object",
            "properties": {
                "代号": CODE_WORD, "人数": SPAN, "不得兼任": _some(TEXT), "领导": _ref("谁"), "指导": _ref("谁"), "现有编制": YES,
                "依据": TEXT,
            },
            "additionalProperties": _any(SPAN, _ref("席位")),
        },
        "席位": _table(
            {
                "人数": SPAN, "须": _posts(), "原则上": _posts(), "待遇": TEXT, "依据": TEXT,
                "专兼": _some({"enum": ["专职", "兼职"]}),
            }
        ),
    }  # fmt: skip


def _procedure() -> dict[str, Schema]:
    return {
        "程序": _table(
            {
                "代号": CODE_WORD, "对象": _any(TEXT, _table({"案件": TEXT, "终点": TEXT, "满": LENGTH})), "当事人": _named(TEXT),
                "发起": _ref("发起"), "时钟": _named(_ref("时钟")), "随时": _named(_ref("随时")), "步骤": _entries(_ref("步骤")),
                "终点": _named(TEXT), "不得兼办": _list(_some(TEXT)), "人手不足": _table({"由": _ref("由")}),
                "回避": _table(
                    {"谁": _ref("除"), "自报": ALLOWED, "申请回避": ALLOWED, "依据": TEXT}, required=["谁"], node=Recusal
                ),
            },
            required=["代号", "对象", "步骤", "终点"],
            node=Procedure,
        ),
        "代录": _table({"机构": TEXT, "职务": TEXT, "单位": TEXT, "除": _ref("除"), "须": _some(TEXT), "依据": TEXT}),
        "发起": _table(
            {
                "由": _ref("由"), "表单": _ref("表单"), "依据": TEXT,
                "代录": _ref("代录"),
                "抽取": _table({"比例": NUMBER, "种子": {"enum": ["公开"]}, "每": {"enum": ["学期", "月"]}}),
            },
            required=["由"],
            node=Launch,
        ),
        "时钟": _table(
            {
                "起": TEXT, "止": _some(TEXT), "长": LENGTH, "上限": LENGTH, "退回另计": LENGTH, "预警": _some(LENGTH), "依据": TEXT,
                "超期": _table({"上报": _ref("由"), "状态": TEXT}),
            },
            required=["起", "止", "长"],
            node=Clock,
        ),
        "随时": _table(
            {
                "代号": CODE_WORD, "在": _some(TEXT), "由": _ref("由"), "代录": _ref("代录"), "批": _ref("由"),
                "早于": TEXT, "次数": WHOLE, "改": TEXT,
                "直到": {"enum": ["下一步已办"]}, "表单": _ref("表单"), "依据": TEXT,
            },
            required=["由"],
            node=SideAct,
        ),
        "步骤": _table(
            {
                "代号": CODE_WORD, "由": _ref("由"), "随时": _named(_ref("随时")),
                "期限": _any(LENGTH, _table({"合同": TEXT, "兜底": LENGTH}, required=["合同", "兜底"])),
                "记": _any(TEXT, _table({"效力": TEXT, "名": TEXT, "表单": _ref("表单")}, required=["效力"])),
                "意见": {"enum": ["必填", "选填"]}, "表单": _ref("表单"),
                "逾期": _table({"视为": TEXT, "到": TEXT, "上报": _ref("由")}), "文书": TEXT, "效力": TEXT, "依据": TEXT,
                "须": _some(_any(_table({"当": _ref("条件"), "则": _ref("条件")}, required=["则"]), _ref("条件"))),
                "结论": _named(_some(_any(TEXT, _ref("去向")))),
                "公示": _ref("公示"), "异议": _ref("异议"), "期满": TEXT, **_many(), "到": TEXT,
            },
            required=["代号"],
            node=Step,
        ),
        **_publicity(),
        "去向": _table(
            {
                "当": _ref("条件"), "到": TEXT, "并": _some(TEXT), "引用": {"enum": ["对象", "本案"]}, "效力": TEXT, "子件": TEXT,
                "须": _some(_table({"案件": TEXT, "终点": TEXT}, required=["案件", "终点"])),
            },
            required=["到"],
        ),
    }  # fmt: skip


def _publicity() -> dict[str, Schema]:
    duty: dict[str, Schema] = {"由": _ref("由"), "期限": LENGTH}
    return {
        "公示": _table(
            {
                "满": LENGTH, "显示": {"type": "object", "additionalProperties": {"enum": list(MASKS)}}, "归类": _named(TEXT),
                "渠道": _some(TEXT), "下架": LENGTH, **{key: {"enum": list(words)} for key, words in EITHER.items()},
            },
            required=["满", "显示"],
            node=Publicity,
        ),
        "异议": _table(
            {
                "谁": _any(TEXT, _ref("谁"), _table({"身份": {"enum": list(IDENTITIES)}, "核实": {"enum": ["必须", "不必"]}})),
                "受理": _table({**duty, "不受理须": {"enum": ["理由"]}}, required=["由"]), "期间": {"enum": ["停", "停该行"]},
                "答复": _table(duty, required=["由"]),
                "结论": _table({"不成立": {"enum": ["继续"]}, "成立": _any(TEXT, _table({"子件": TEXT}))}, required=["成立"]),
            },
            required=["答复", "结论"],
        ),
    }  # fmt: skip


def _standard() -> dict[str, Schema]:
    return {
        "细则": _table(
            {
                "代号": CODE_WORD, "对象": TEXT, "满分": NUMBER, "指标": _entries(_ref("指标")), "四档": _named(NUMBER),
                "等级": _named(NUMBER),
                "加分": _some(_table({"名": TEXT, "上限": NUMBER, "须": TEXT}, required=["名", "上限"])), "封顶": NUMBER,
                "红线": _some(_ref("红线")), "极差提示": NUMBER,
                "个性": _table({"附表": TEXT, "分值": NUMBER, "权重": TEXT}, required=["附表", "分值"]),
                "权重": _named(_any(NUMBER, _table({"占": NUMBER, "取": {"enum": list(PART_SOURCES)}}, required=["占"]))),
                "测评": _ref("测评"), "加减分": _ref("加减分"), "名额": {**_named(NUMBER), "properties": {"按": {"enum": list(WITHIN)}}},
                "定星": _ref("定星"), "奖励": TEXT, "待遇": _table(dict.fromkeys(("基本补贴", "工龄补贴", "职务系数", "考核系数"), TEXT)),
                "去极值": _table({"满": WHOLE, "各去": WHOLE}, required=["满"]), "评分组": _named(NUMBER),
                "排序": _list({"anyOf": [{"enum": list(TIE_BREAKS)}, TEXT]}), "小数": WHOLE, "依据": TEXT,
            },
            required=["对象", "满分", "指标"],
            node=Standard,
        ),
        "指标": _table(
            {
                "代号": CODE_WORD, "分值": NUMBER, "指标": _entries(_ref("指标")), "计分": _ref("计分"), "观察点": _some(TEXT),
                "方法": _some(_any({"enum": list(METHODS)}, TEXT)),
            },
            required=["代号", "分值"],
        ),
        "计分": _any(
            {"enum": [kind for kind in SCORINGS if kind not in ("公式", "扣分")]},
            _table(dict.fromkeys(SCORINGS, SCALAR) | {"达到": SCALAR, "无则满分": YES, "扣完为止": YES, "取数": TEXT, "备注": TEXT}),
        ),
        **_appraisal(),
    }  # fmt: skip


def _appraisal() -> dict[str, Schema]:
    return {
        "红线": _table(
            {"名": TEXT, "须": _some({"enum": list(VETO_NEEDS)}), "则": _any(TEXT, _table({"最高": WHOLE, "降星": WHOLE, "等次": TEXT}))},
            required=["名", "则"],
        ),
        "测评": _table(
            {"系数": _named(NUMBER), "组": _named(NUMBER), "最少": WHOLE, "收回至少": TEXT, "弃权": {"enum": ["计入有效", "不计入有效"]}},
            required=["系数"],
        ),
        "加减分": _table(
            {"上限": NUMBER, "项": _some(_table({"名": TEXT, "加": NUMBER, "减": NUMBER, "须": TEXT}, required=["名"]))},
            required=["上限", "项"],
        ),
        "定星": _table(
            {
                "依据": {"enum": ["逐星", "总分"]},
                "每星": _table({"得分率": _table({"至少": NUMBER}, required=["至少"])}, required=["得分率"]),
                "分档": _named(NUMBER), "限等次": _some(TEXT), "名额": _named(NUMBER), "满额": {"enum": list(FULL)},
                "排序": _list({"anyOf": [{"enum": list(TIE_BREAKS)}, TEXT]}),
            },
            required=["依据"],
        ),
        "附表": _table(
            {
                "代号": CODE_WORD, "每": _table({"单位类型": TEXT}, required=["单位类型"]), "行数": SPAN, "列": _entries(_ref("列")),
                "合计": _named(NUMBER), "商定": _table({"由": _ref("由")}, required=["由"]), "冻结": TEXT, "依据": TEXT,
            },
            required=["每", "列"],
        ),
        "列": _any(
            {"enum": [kind for kind in COLUMN_KINDS if kind != "选择"]},
            _table(
                {kind: {"enum": ["可选", "必填"]} for kind in COLUMN_KINDS if kind not in ("数", "选择")}
                | {"数": _any({"enum": ["可选", "必填"]}, _table({"从": NUMBER, "到": NUMBER})), "选择": _list(SCALAR), "必填": YES}
            ),
        ),
    }  # fmt: skip


def _extras() -> dict[str, Schema]:
    return dict(zip(FIELD_EXTRAS, (YES, TEXT, TEXT, WHOLE, TEXT), strict=True))


def _many() -> dict[str, Schema]:
    """分办, 等待, 自动, 批办, 评分, 冻结, 截止."""
    return {
        "截止": _any(DATE, {"type": "string", "pattern": r"^(参数|表单)\..+$"}), "冻结": _some({"enum": ["细则", "名单", "附表"]}),
        "分办": _table(
            {
                "程序": TEXT, "对象": _table({"下辖": TEXT, "除": _some({"type": "string", "pattern": r"^名单\..+$"})}, required=["下辖"]),
                "汇合": _table(
                    {"全部": {"enum": ["到达", "办结"]}, "在": TEXT, "或至": _any(DATE, LENGTH), "未到": {"enum": ["列出"]}},
                    required=["全部"],
                ),
            },
            required=["程序", "对象"],
        ),
        "等待": _any({"type": "string", "pattern": r"^父件\..+$"}, _table({"父件": TEXT, "结论": TEXT}, required=["父件"])),
        "自动": {"type": "object", "properties": {"效力": TEXT, "定星": TEXT, "于": {"enum": ["子件"]}}, "additionalProperties": {}},
        "批办": _any(
            {"enum": ["允许"]},
            _table(
                {
                    "行": {"enum": ["子件"]}, "默认": {"type": "string", "pattern": r"^[^.]+\.[^.]+$"},
                    "逐行改": _any({"enum": ["允许"]}, _table({"须": {"enum": ["理由"]}})), "名额": {"enum": ["不可破", "可破"]},
                },
                required=["行", "默认"],
            ),
        ),
        "评分": _table(
            {"细则": TEXT, "作为": TEXT, "评分人": {"enum": ["逐人", "任一人"]}, "最少": WHOLE, "抽查": NUMBER}, required=["细则"]
        ),
    }  # fmt: skip


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _any(*found: Schema) -> Schema:
    return {"anyOf": list(found)}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _some(item: Schema) -> Schema:
    """One, or a list of them."""
    return _any(item, _list(item))


def _named(value: Schema) -> Schema:
    """Names that the writer chooses."""
    return {"type": "object", "additionalProperties": value}


def _entries(value: Schema) -> Schema:
    """``- 复查: {…}`` in order, or a table."""
    return _any(_list({**_named(value), "minProperties": 1, "maxProperties": 1}), _named(value))


def _table(properties: dict[str, Schema], *, required: Iterable[str] = (), node: type[Node] | None = None) -> Schema:
    """A closed table. Keys that are not supported yet are known, and marked so."""
    later = {key: {"deprecated": True, "description": "尚未支持"} for key in (node.LATER if node else ()) if key not in properties}
    table: Schema = {"type": "object", "properties": {**properties, **later}, "additionalProperties": False}
    return table | ({"required": list(required)} if required else {})


def _posts() -> Schema:
    return _some(_any(TEXT, _table({"职务": _some(TEXT)}, required=["职务"])))
