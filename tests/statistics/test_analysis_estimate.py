"""`analysis estimate CELLS.csv`, as the contract says, and every mistake in a file named with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analysis.figures.estimate_command import estimate

HEADER = "stratum,post_stratum,caseload,psu,domain,responses,satisfied\n"
TINY = HEADER + "a,a,100,,,10,7\nb,b,50,,,5,5\nc,c,20,,,1,0\nd,d,30,,,0,0\n"
DOMAIN_FIELDS = [
    "domain",
    "estimate",
    "standard_error",
    "variance",
    "df",
    "df_effective",
    "kappa",
    "n",
    "received",
    "sum_of_weights",
    "design_effect",
    "kish_design_effect",
    "n_eff",
    "interval",
    "unweighted",
    "response_rate",
    "coverage",
    "coverage_adequate",
    "verdict",
]
VERDICT_FIELDS = ["target", "point", "evidence", "lower", "upper", "p_above", "p_below", "responses_needed", "overturn"]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def command(cells: str, *arguments: str, margins: str | None = None, encoding: str = "utf-8") -> Result:
        file = tmp_path / "cells.csv"
        file.write_text(cells, encoding=encoding)
        given = [str(file), *arguments]
        if margins is not None:
            (tmp_path / "margins.csv").write_text(margins)
            given += ["--margins", str(tmp_path / "margins.csv")]
        return CliRunner().invoke(estimate, given)

    return command


def output(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    assert "NaN" not in result.stdout
    return json.loads(result.stdout)


def test_the_output_has_exactly_the_contract_s_names(run: Any) -> None:
    printed = output(run(TINY, "--target", ">60"))
    assert list(printed) == ["method", "domains", "warnings"]
    (domain,) = printed["domains"]
    assert list(domain) == DOMAIN_FIELDS
    assert list(domain["interval"]) == ["level", "low", "high"]
    assert list(domain["verdict"]) == VERDICT_FIELDS
    assert all(list(warning) == ["code", "message"] for warning in printed["warnings"])
    assert (printed["method"], domain["estimate"], domain["interval"]["level"]) == ("E1", 120 / 170, 0.95)
    assert domain["verdict"]["target"] == ">60"


def test_without_a_target_there_is_no_verdict(run: Any) -> None:
    assert output(run(TINY))["domains"][0]["verdict"] is None


def test_the_correction_can_be_left_out(run: Any) -> None:
    with_fpc, without = output(run(TINY))["domains"][0], output(run(TINY, "--no-fpc"))["domains"][0]
    assert with_fpc["variance"] < without["variance"]


def test_counter_days_or_other_post_strata_make_it_e3(run: Any) -> None:
    assert output(run(HEADER + "a,x,100,,,10,7\na,y,50,,,5,5\n"))["method"] == "E3"
    assert output(run(HEADER + "a,a,100,d1,,10,7\na,a,100,d2,,5,5\n"))["method"] == "E3"


def test_domains_are_named_and_an_undefined_number_is_null(run: Any) -> None:
    printed = output(run(HEADER + "a,a,100,,north,10,7\nb,b,50,,south,0,0\n"))
    north, south = printed["domains"]
    assert (north["domain"], south["domain"]) == ("north", "south")
    assert [south[name] for name in ("estimate", "variance", "n_eff", "interval", "unweighted")] == [None] * 5
    assert (south["n"], south["response_rate"], south["coverage"]) == (0, 0.0, 0.0)


def test_a_domain_that_crosses_post_strata_has_no_response_rate(run: Any) -> None:
    printed = output(run(HEADER + "a,a,100,,I,10,7\na,a,100,,O,5,5\n"))
    assert [domain["response_rate"] for domain in printed["domains"]] == [None, None]
    assert [domain["sum_of_weights"] for domain in printed["domains"]] == pytest.approx([100 * 10 / 15, 100 * 5 / 15])


def test_margins_rake(run: Any) -> None:
    cells = "kind,area," + HEADER + "I,r,a,a,100,,,10,7\nI,u,a,a,100,,,20,15\nO,r,a,a,100,,,5,5\nO,u,a,a,100,,,9,3\n"
    margins = "margin,category,total\nkind,I,80\nkind,O,20\narea,r,55\narea,u,45\n"
    printed = output(run(cells, margins=margins))
    assert printed["method"] == "E3"
    assert printed["domains"][0]["sum_of_weights"] == pytest.approx(100)


def test_margins_know_the_caseload_so_cells_may_leave_it_and_the_post_stratum_empty(run: Any) -> None:
    full = "kind,area," + HEADER + "I,r,a,a,100,,,10,7\nI,u,a,a,100,,,20,15\nO,r,a,a,100,,,5,5\nO,u,a,a,100,,,9,3\n"
    margins = "margin,category,total\nkind,I,80\nkind,O,20\narea,r,55\narea,u,45\n"
    printed = output(run(full.replace(",a,a,100,", ",a,,,"), margins=margins))
    missing = full.replace(",post_stratum,caseload", "").replace(",a,a,100,", ",a,")
    assert printed["domains"][0]["estimate"] == output(run(full, margins=margins))["domains"][0]["estimate"]
    assert output(run(missing, margins=margins)) == printed
    assert "no_caseload" not in {warning["code"] for warning in printed["warnings"]}
    refused = run(full.replace(",a,a,100,", ",a,,,"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "cột post_stratum: ô trống là không được" in refused.stderr


def test_raking_that_does_not_converge_gives_no_verdict(run: Any) -> None:
    cells = "kind,area," + HEADER + "I,r,a,,,,,40,30\nO,u,a,,,,,20,15\n"
    margins = "margin,category,total\nkind,I,80\nkind,O,20\narea,r,55\narea,u,45\n"
    printed = output(run(cells, "--target", ">60", margins=margins))
    assert "raking_not_converged" in {warning["code"] for warning in printed["warnings"]}
    assert printed["domains"][0]["verdict"] is None


def test_a_caseload_may_be_a_ratio_so_that_exactly_80_per_cent_stays_exact(run: Any) -> None:
    """900 + 100 dossiers; of 55 answers 2 name no kind: 2/55 of the caseload is theirs, pooled with the 8 beside."""
    cells = HEADER + "a,I,9540/11,,,45,36\na,O,1460/11,,,10,8\n"
    domain = output(run(cells, "--target", ">80", "--no-fpc"))["domains"][0]
    assert (domain["estimate"], domain["verdict"]["point"]) == (pytest.approx(0.8), "not_met")
    assert domain["standard_error"] == pytest.approx(0.0548722421900451, rel=1e-9)
    assert domain["sum_of_weights"] == pytest.approx(1_000)
    assert output(run(cells, "--target", ">=80"))["domains"][0]["verdict"]["point"] == "met"
    assert "không phải số từ 0 trở lên" in run(HEADER + "a,I,9/0,,,45,36\n").stderr


def test_columns_may_come_in_any_order_and_optional_ones_may_be_missing(run: Any) -> None:
    cells = "satisfied,responses,caseload,post_stratum,stratum\n7,10,100,a,a\n\n5,5,50,b,b\n"
    printed = output(run(cells, encoding="utf-8-sig"))
    assert printed["domains"][0]["n"] == 15


def test_a_column_nobody_uses_is_mentioned(run: Any) -> None:
    printed = output(run(TINY.replace("domain", "domian")))
    assert "unused_columns" in [warning["code"] for warning in printed["warnings"]]
    assert "domian" in printed["warnings"][0]["message"]


def test_people_can_read_it_too(run: Any) -> None:
    text = run(TINY, "--format", "text", "--target", ">60").stdout
    assert "Tất cả · 70,6 % · n = 16 · nhận được 16 · khoảng 95 %: 43,1-90,1 %" in text
    assert "Lưu ý: " in text
    verdict = output(run(TINY, "--target", ">60"))["domains"][0]["verdict"]
    ends = [f"{verdict[end] * 100:.1f}".replace(".", ",") for end in ("lower", "upper")]
    assert f"(khoảng 90 %: {ends[0]}-{ends[1]} %)" in text
    assert "đảo nếu người không trả lời kém hài lòng hơn người trả lời" in text


def test_answers_left_out_of_the_cells_are_received_and_nothing_else(run: Any) -> None:
    header, *rows = TINY.splitlines()
    file = "\n".join([f"{header},left_out", *(f"{row}," for row in rows), "a,kind_unknown,,,,0,0,3"])
    (with_them,), (without,) = output(run(file + "\n"))["domains"], output(run(TINY))["domains"]
    assert with_them == without | {"received": without["received"] + 3}
    assert run(file.replace("0,0,3", "0,0,x") + "\n").exit_code == 2


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (TINY.replace("b,b,50", "b,b,5o"), "cells.csv, dòng 3, cột caseload: “5o” không phải số"),
        (TINY.replace("b,b,50", "b,b,-5"), "cells.csv, dòng 3, cột caseload: “-5” không phải số từ 0 trở lên"),
        (TINY.replace("b,b,50", "b,b,1.500"), "cells.csv, dòng 3, cột caseload: “1.500” có thể là dấu phân nhóm nghìn"),
        (TINY.replace("b,b,50", "b,b,NaN"), "cells.csv, dòng 3, cột caseload: “NaN”"),
        (TINY.replace("10,7", "10,11"), "cells.csv, dòng 2, cột satisfied: “11” lớn hơn số lượt đánh giá (10)"),
        (TINY.replace("10,7", "ten,7"), "cells.csv, dòng 2, cột responses: “ten” không phải số nguyên"),
        (TINY.replace("10,7", "10.5,7"), "cells.csv, dòng 2, cột responses: “10.5” không phải số nguyên"),
        (TINY.replace("10,7", ",7"), "cells.csv, dòng 2, cột responses: ô trống không phải số nguyên"),
        (TINY.replace("a,a,100", ",a,100"), "cells.csv, dòng 2, cột stratum: ô trống là không được"),
        (TINY + "d,d,31,,,0,0\n", "cells.csv, dòng 6, cột caseload: “31” khác với “30” ở dòng 5"),
        (TINY + "e,e,5\n", "cells.csv, dòng 6: có 3 ô, dòng tiêu đề có 7"),
        (TINY.replace("satisfied", "satisfed"), "cells.csv, dòng 1, cột satisfied: thiếu cột này"),
        (TINY.replace(",", ";"), "Các cột phải cách nhau bằng dấu phẩy."),
        (TINY.replace("domain", "psu"), "cells.csv, dòng 1, cột psu: xuất hiện nhiều lần"),
        (HEADER, "cells.csv: không có dòng số liệu nào"),
        ("", "cells.csv, dòng 1, cột stratum: thiếu cột này"),
        (TINY + 'e,"e,5\n', "cells.csv, dòng 6: không đọc được dòng CSV này"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_mend(run: Any, cells: str, message: str) -> None:
    result = run(cells)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_file_that_is_not_utf8_or_not_there_is_named(run: Any) -> None:
    result = run(TINY.replace("d,d", "đ,đ").replace("đ", "é"), encoding="latin-1")
    assert result.exit_code == 2
    assert "cells.csv, dòng 5: có ký tự không phải UTF-8" in result.stderr
    missing = CliRunner().invoke(estimate, ["nowhere.csv"])
    assert missing.exit_code == 2
    assert "nowhere.csv: không mở được tệp" in missing.stderr


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ("age,x,5", "margins.csv, dòng 2, cột margin: “age” không phải tên một cột của cells.csv"),
        ("kind,I,5", "cells.csv, dòng 3, cột kind: “O” không có tổng"),
        ("kind,I,5 kind,O,0", "cells.csv, dòng 3, cột kind: “O” không có tổng"),
        ("kind,I,5 kind,O,5 kind,X,9", "margins.csv, dòng 4, cột category: “X” không có lượt"),
        ("kind,I,5 kind,I,6", "margins.csv, dòng 3, cột category: “I” của “kind” đã có ở dòng 2"),
        ("kind,I,5 kind,O,five", "margins.csv, dòng 3, cột total: “five” không phải số"),
        ("kind,I,5 kind,O,5 area,u,9", "margins.csv, dòng 4, cột total: cộng các tổng của “area”"),
        ("", "margins.csv: không có dòng số liệu nào"),
    ],
)
def test_a_mistake_in_the_margins_is_named_with_its_place(run: Any, margins: str, message: str) -> None:
    cells = "kind,area," + HEADER + "I,u,a,a,100,,,10,7\nO,u,a,a,100,,,20,15\n"
    result = run(cells, margins="margin,category,total\n" + margins.replace(" ", "\n") + "\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_margins_need_their_columns(run: Any) -> None:
    result = run(TINY, margins="margin,total\n")
    assert result.exit_code == 2
    assert "margins.csv, dòng 1, cột category: thiếu cột này" in result.stderr


def test_a_target_nobody_can_read_is_refused(run: Any) -> None:
    result = run(TINY, "--target", "60 phần trăm")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--target: Mốc “60 phần trăm” không đọc được" in result.stderr
