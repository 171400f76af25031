"""One commune on its way to recognition, with one return, and a row tampered with afterwards."""

from dossier_engine.commands.advance import Supplement
from dossier_engine.queries.audit import verify
from tests.makers import Province


def carried_to_recognition(province: Province) -> str:
    code = province.register(on="2024-04-15").dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    province.advance(code, "xa", "self_assess", on="2024-07-12")
    province.record(code, "huyen", "district_receipt", {"receipt": {"on": "2024-07-15"}}, on="2024-07-15")
    lacking = (Supplement("commune_vote", "biên bản thiếu chữ ký"),)
    province.advance(code, "huyen", "return_to_commune", on="2024-07-18", reason="thiếu biên bản", supplements=lacking)
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-07-22")
    province.advance(code, "xa", "self_assess", on="2024-07-23")
    province.bring(code, "review", on="2024-07-29", since="2024-07-23", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-30", "to": "2024-08-14"}}
    province.record(code, "huyen", "district_posting", posted, on="2024-08-14")
    province.advance(code, "huyen", "review", on="2024-08-16")
    province.bring(code, "appraise", on="2024-09-05", since="2024-08-16")
    province.advance(code, "so", "appraise", on="2024-09-10")
    province.bring(code, "recognize", on="2024-09-20", since="2024-09-10")
    province.advance(code, "vanthu", "recognize", on="2024-09-20")
    return code


def test_a_commune_is_recognised_after_one_return_and_its_history_verifies(province):
    code = carried_to_recognition(province)

    with province.database.reading() as session:
        verdict = verify(session, province.law)

    assert code == "HD-2024-NC-0001"
    assert verdict.findings == ()
    assert verdict.entries > 40
