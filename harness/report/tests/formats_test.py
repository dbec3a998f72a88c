"""The golden junit.xml and stats.csv files as the parsers of others read them."""

import csv
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest

GOLDEN = pathlib.Path(__file__).parent / "golden"
PLAIN_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase"],
    "testcase": ["properties", "failure", "error", "skipped"],
    "properties": ["property"],
}


def children_in_order(element):
    """The sequence that the XSD asks for."""
    order = [CHILDREN[element.tag].index(child.tag) for child in element]
    assert order == sorted(order), element.tag


@pytest.mark.parametrize("name", ["gated.xml", "simulated.xml", "hostile.xml"])
def test_junit_is_what_ci_systems_read(name):
    root = ElementTree.parse(GOLDEN / name).getroot()
    assert root.tag == "testsuites"
    for element in root.iter():
        if element.tag in CHILDREN:
            children_in_order(element)
        if "time" in element.attrib:
            assert PLAIN_DECIMAL.fullmatch(element.attrib["time"])
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert cases
        for attribute, found in (
            ("tests", len(cases)),
            ("failures", len(suite.findall("testcase/failure"))),
            ("errors", len(suite.findall("testcase/error"))),
            ("skipped", len(suite.findall("testcase/skipped"))),
        ):
            assert int(suite.attrib[attribute]) == found, attribute
        for case in cases:
            assert case.attrib["name"]
            assert case.attrib["classname"]
            assert len(case) - len(case.findall("properties")) <= 1, "one outcome a case"


def test_junit_has_a_failure_for_regressed_and_a_skip_for_inconclusive():
    root = ElementTree.parse(GOLDEN / "gated.xml").getroot()
    outcomes = {
        case.find("properties/property[@name='word']").attrib["value"]: [child.tag for child in case][1:]
        for case in root.iter("testcase")
    }
    assert outcomes == {"regressed": ["failure"], "ok": [], "inconclusive": ["skipped"]}


@pytest.mark.parametrize("name", ["gated.csv", "hostile.csv"])
def test_csv_reads_back_with_the_same_number_of_fields(name):
    text = (GOLDEN / name).read_bytes().decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    rows = list(csv.reader(text.splitlines(), strict=True))
    assert {len(row) for row in rows} == {22}
    for row in rows[1:]:
        assert not any(field.startswith(("=", "+", "@")) for field in row), "a spreadsheet would take it for a formula"


def test_csv_holds_the_numbers_as_plain_decimals():
    with open(GOLDEN / "gated.csv", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert rows
    for row in rows:
        for column in ("value", "lo", "hi", "confidence", "limit", "of_limit", "mde"):
            assert row[column] == "" or PLAIN_DECIMAL.fullmatch(row[column]), (column, row[column])
    triad = next(row for row in rows if row["limit_kind"] == "measured")
    assert float(triad["value"]) == 55e9 * 0.61
    assert triad["simulated"] == "false"
