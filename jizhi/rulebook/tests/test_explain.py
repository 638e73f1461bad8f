from pathlib import Path

from jizhi.rulebook.explain import explain
from jizhi.rulebook.reading import read

LIBRARY = Path(__file__).parents[2] / "library"


def prose(name: str) -> str:
    regulation, _ = read((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"), name)
    assert regulation is not None
    return explain(regulation)


def test_the_loop_can_be_read_aloud() -> None:
    text = prose("loop")
    for sentence in (
        "自2024年10月1日起施行，适用于学校。",
        "逾期视为无意见，转到“通报”。",
        "由督导组任一成员（整改人、发现人、整改人的近亲属除外）办理",
        "程度是重大隐患时，须方法包含看。",
        "不通过，来到本步至多 1 次的，到“整改”，否则到“整改”，同时启动约谈。",
        "整改、复查、销号不得由同一人办理。",
        "因回避无人可办时，由上级单位的督导室任一成员办理。",
        "结论为“同意”的，由系统办理“督导.销号”。",
        "每学期抽取 20%，种子公开，可以复算。",
        "申辩期：5 日。自2015年1月1日起，地域代码 500000；来源：法律法规，重庆市教育督导条例。",
    ):
        assert sentence in text, sentence


def test_what_is_doubtful_says_so() -> None:
    assert "存疑：国家《教育督导条例》只写可以申辩，未写天数。" in prose("loop")


def test_a_charter_says_how_its_body_is_made_up() -> None:
    text = prose("charter")
    assert "组长 1 人，原则上由副校长担任，变通须写明理由（第四条）。" in text
    assert "副组长 1 至 2 人，须由骨干班主任或者骨干教师担任，享受学校中层干部待遇（第五条）。" in text
    assert "受校长室领导。受上级单位的督导室指导。编制在现有编制中解决。" in text


def test_a_standard_is_an_indented_list() -> None:
    text = prose("department")
    assert "\n　　CS2 执行与落实（30 分）\n　　　　CS2.1 重点任务按期完成（14 分）：按公式 按期完成数 / 应完成数 * 14 计分" in text
    assert "名次不并列，依次比较：总分、CS2、CS5" in text


def test_no_python_shows_through() -> None:
    for name in ("loop", "charter", "district", "brief", "lesson", "department", "campus"):
        assert not any(word in prose(name) for word in ("None", "Decimal", "Duration", "{", "()"))
