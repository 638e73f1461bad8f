"""The demo's log-ins: one per role. The log-in page shows them; they work only on a database marked demo, on loopback."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    slug: str  # the user name
    label: str  # what the log-in page says
    number: str  # the person's 工号


ROLES = (
    Role("office", "区教育督导室主任", "WZ-001"),
    Role("district-inspector", "区专职督学", "WZ-002"),
    Role("principal", "太安小学校长", "TA-001"),
    Role("leader", "太安小学副校长、督导组组长", "TA-002"),
    Role("inspector", "太安小学校内督学（登记问题的人）", "TA-021"),
    Role("rechecker", "太安小学校内督学（复查的人）", "TA-023"),
    Role("head", "太安小学教务处主任", "TA-011"),
    Role("teacher", "太安小学教师", "TA-031"),
    Role("other-principal", "甘宁小学校长", "GN-001"),
    Role("village-secretary", "虎城村党支部书记", "HC-001"),
    Role("clerk", "虎城村文书", "HC-003"),
    Role("accountant", "虎城村会计", "HC-004"),
    Role("cashier", "虎城村出纳", "HC-005"),
    Role("reviewer", "虎城村评审小组组长", "HC-006"),
    Role("supervisor", "虎城村务监督委员会组长", "HC-013"),
    Role("villager", "虎城村村民", "HC-101"),
    Role("town-secretary", "虎城镇党委书记", "HZ-001"),
    Role("county-organiser", "扶绥县委组织部部长", "FS-001"),
    Role("county-member", "扶绥县委常委会委员", "FS-012"),
    Role("quli-secretary", "渠黎镇党委书记", "QL-001"),
    Role("quli-rater", "渠黎镇考核组组长", "QL-002"),
    Role("quli-village", "渠黎镇联绥村党支部书记", "QL-101"),
    Role("admin", "系统管理员（只管人员和职务）", "WZ-009"),
)
