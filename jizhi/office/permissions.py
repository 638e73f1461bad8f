"""Who may do the office's acts. The administrator sees to units, people and posts, and to no business."""

from jizhi.access.permission import Grant, Permission, Scope
from jizhi.access.permissions import REGISTER

ADMIN, PRINCIPAL = Grant(title="系统管理员"), Grant(title="校长")
# the post comes before the body it sets up
DISTRICT = (
    Grant(body="督导室", seat="主任"),
    Grant(title="教育督导室主任"),
    Grant(title="组织部部长"),
    Grant(title="乡镇党委书记"),
    Grant(title="村党支部书记"),
)
MANAGERS = (ADMIN, PRINCIPAL)

PERMISSIONS = (
    Permission("office.create_unit", "新设单位", (ADMIN,)),
    Permission("office.rename_unit", "更改单位名称", (ADMIN,)),
    Permission("office.move_unit", "调整隶属关系", (ADMIN,)),
    Permission("office.close_unit", "撤销单位", (ADMIN,)),
    Permission("office.add_person", "登记人员", (ADMIN,)),
    Permission("office.edit_person", "修改人员资料", (ADMIN,)),
    Permission("office.declare_kinship", "登记亲属关系", (*MANAGERS, *REGISTER)),
    Permission("office.withdraw_kinship", "撤回亲属登记", (*MANAGERS, *REGISTER)),
    Permission("office.record_leaving", "登记离任", (ADMIN,)),
    Permission("office.open_account", "开通帐号", (ADMIN,)),
    Permission("office.appoint", "任职", MANAGERS),
    Permission("office.end_post", "免职", MANAGERS),
    Permission("office.set_up_body", "设立机构", (*MANAGERS, *DISTRICT)),
    Permission("office.dissolve_body", "撤销机构", (*MANAGERS, *DISTRICT)),
    Permission("office.seat_member", "聘任机构成员", (*MANAGERS, *DISTRICT)),
    Permission("office.end_seat", "解聘机构成员", (*MANAGERS, *DISTRICT)),
    Permission("office.load_library", "载入制度库", ()),  # the system only
    Permission("office.submit_edition", "录入制度文本", (PRINCIPAL, *DISTRICT)),
    Permission("office.adopt", "启用制度", (PRINCIPAL, *DISTRICT)),
    Permission("office.start_pilot", "开展试点", DISTRICT),
    Permission("office.review_pilot", "评估试点", DISTRICT),
    Permission("office.decide_pilot", "决定推开或停止试点", DISTRICT),
    Permission("office.see_pilot", "查看试点", (*DISTRICT, PRINCIPAL)),
    Permission("office.import_rows", "从表格导入", (ADMIN,)),
)

SCOPES = (Scope("regulation.Pilot", "office.see_pilot"), Scope("org.Intake", "office.import_rows"))
