"""One line for every command, as it is typed; each succeeds on the prepared province (see conftest)."""

from hashlib import sha256

from tests.files.making import a_pdf

SHA = "ab" * 32
KEPT = sha256(a_pdf()).hexdigest()  # of the minutes of the one that is recognised
WHY = "--reason 'theo quy định'"
AT_DISTRICT, AT_DEPARTMENT, RECOGNISED = "HD-2024-NC-0001", "HD-2025-NC-0001", "HD-2023-NC-0001"  # Cẩm Hưng
INCIDENT = 7  # of the person who has no address
REGISTERED, STANDING_STILL = "HD-2024-NC-0002", "HD-2025-NC-0002"  # Lương Điền

# Commands that change something: they take --as, --reason, --dry-run; those on a dossier --on, --key and --expect too.
CHANGING = {
    "register": "register 'Cẩm Hoàng' --year 2024 --as huyen",
    "advance": f"advance {REGISTERED} withdraw --as xa2 {WHY}",
    "return": f"return {AT_DISTRICT} --supplement 'commune_vote:biên bản thiếu chữ ký' --as huyen {WHY}",
    "withdraw": f"withdraw {REGISTERED} --as xa2 {WHY}",
    "carry-over": f"carry-over {AT_DEPARTMENT} --as so {WHY}",
    "pause": f"pause {AT_DISTRICT} --as huyen {WHY}",
    "resume": f"resume {STANDING_STILL} --as huyen {WHY}",
    "extend": f"extend {AT_DISTRICT} --to 28/02/2025 --number 45/UBND-NN --date 02/12/2024 --as so {WHY}",
    "record document": (
        f"record {AT_DISTRICT} document review_report --number 12/BC-UBND --date 20/07/2024 --sha256 {SHA} --as huyen"
    ),
    "record criterion": f"record {AT_DISTRICT} criterion all --as huyen",
    "record posting": f"record {REGISTERED} posting --date 2024-11-01 --times 3 --as xa2",
    "record vote": f"record {AT_DISTRICT} vote --agree 18 --present 20 --as huyen",
    "record survey": f"record {AT_DISTRICT} survey --satisfied 196 --answered 200 --asked 210 --as mattran",
    "record confirmation": (
        f"record {AT_DEPARTMENT} confirmation so-tai-chinh --requirement no_construction_arrears"
        " --number 7/STC --date 2024-11-01 --as so-tai-chinh"
    ),
    "record receipt": f"record {AT_DISTRICT} receipt --date 2024-07-15 --as huyen",
    "record announcement": f"record {RECOGNISED} announcement --date 2024-10-10 --place 'Nhà văn hóa xã' --as huyen",
    "calendar recompute": f"calendar recompute --as quantri {WHY}",
    "plan open-obligations": "plan open-obligations --year 2024 --as so",
    "workflow activate": "workflow activate new.yaml --as quantri",
    "person add": "person add xa.ngoc-lien --name 'Phạm Thị Hoa' --as quantri",
    "person address": "person address xa2 xa2@example.vn --as quantri",
    "person erase": "person erase xa2 --basis 'Điều 16 Luật 91/2025/QH15' --as quantri",
    "person appoint": "person appoint xa2 --role commune_officer --office ubnd-xa-10903 --from 2024-01-01 --as quantri",
    "person end-appointment": (
        "person end-appointment xa2 --role commune_officer --office ubnd-xa-10924 --on 31/12/2024 --as quantri"
    ),
    "escalation raise": f"escalation raise {AT_DISTRICT} --as huyen {WHY}",
    "escalation answer": (
        f"escalation answer {REGISTERED} --escalation 2 --number 9/CV --date 2024-11-01 --as bcd {WHY}"
    ),
    "incident close": f"incident close {INCIDENT} --as quantri {WHY}",
    "webhook add": "webhook add https://hooks.example.vn/ntm --territory 30 --as quantri",
    "webhook remove": "webhook remove wh-1 --as quantri",
    "account invite": "account invite xa2 --as quantri",
    "account end-sessions": "account end-sessions xa --as quantri",
    "token issue": "token issue --name 'báo cáo tháng' --scope read --days 30 --as xa",
    "token revoke": "token revoke aaaaaaaaaaaaaaaa --as xa",
    "template set": "template set overdue --subject 'Quá hạn $days ngày: $commune' --file words.txt --as quantri",
    "template reset": "template reset today --as quantri",
    "audit erase": f"audit erase {REGISTERED} --entry 2 --basis 'Điều 16 Luật 91/2025/QH15' --as quantri",
    "audit restart-log": f"audit restart-log --as quantri {WHY}",
    "import registrations": "import registrations registrations.csv --as huyen",
    "import recognitions": "import recognitions recognitions.csv --as quantri",
}

LOOKING = {
    "list": "list --district 'cam giang' --overdue",
    "show": "show 'hd 2024 nc 1' --as huyen",
    "actions": f"actions {AT_DISTRICT} --as huyen",
    "history": f"history {RECOGNISED}",
    "document list": f"document list {AT_DISTRICT} --as huyen",
    "document get": f"document get {RECOGNISED} {KEPT} --to copy.pdf --as huyen",
    "deadline list": "deadline list --days 300",
    "deadline explain": f"deadline explain {AT_DISTRICT}",
    "calendar show": "calendar show 2024",
    "calendar due": "calendar due 26/04/2024 5 --unit working_days",
    "locality list": "locality list --kind commune --name 'hong phong' --at 2024-04-15",
    "office list": "office list --kind sector",
    "plan show": "plan show --year 2024",
    "workflow list": "workflow list",
    "workflow show": "workflow show commune-advanced@1",
    "workflow check": "workflow check new.yaml",
    "workflow diagram": "workflow diagram district-advanced --format mermaid",
    "person list": "person list",
    "coverage": "coverage --as huyen",
    "remind preview": "remind preview --at 2025-01-06T08:00 --as bcd",
    "reminders account": "reminders account --from 01/04/2024 --to 31/12/2024 --all",
    "escalation list": "escalation list --as bcd",
    "incident list": "incident list --all",
    "delivery list": "delivery list --dead",
    "webhook list": "webhook list",
    "account list": "account list",
    "account sessions": "account sessions xa",
    "token list": "token list --person xa",
    "template list": "template list",
    "template show": "template show escalation",
    "db check": "db check",
    "audit verify": "audit verify",
    "audit integrate": "audit integrate",
    "audit verifier": "audit verifier --out verify.py",
    "audit sign": "audit sign",
    "witness key": "witness key --key w.key --state w.state --name thanh-tra/1",
    "doctor": "doctor",
    "metrics": "metrics",
    "demo next": "demo next",
}

# What sends: no person's act, so nobody need be named.
SENDING = {
    "sweep": "sweep --at 2024-11-30",
    "deliver": "deliver",
    "delivery resend": "delivery resend --all-dead",
}

# What needs somebody at the other end; see tests/channels, test_signing and test_audit.
# What needs somebody at the other end; see tests/channels, test_signing and test_audit.
CALLING = {
    "audit key",
    "audit accept",
    "audit ask",
    "audit check-proof",
    "audit export",
    "audit proof",
    "webhook test",
    "witness sign",
}

# What makes or fills a database: nobody is appointed in it yet.
MAKING = {
    "init": "init",
    "db upgrade": "db upgrade",
    "demo load": "demo load",
    "simulate": "simulate --seed 7",
}

# What runs until it is interrupted.
RUNNING = {
    "up": "up --no-broker --port 0",
    "serve": "serve --port 0",
    "witness serve": "witness serve --log KEY --state w.state --key w.key --at 127.0.0.1:8471",
}

# The files that lie in the working folder.
REGISTRATIONS = """code,name,district,level,target_year
10897,Xã Cẩm Hoàng,Huyện Cẩm Giàng,advanced,2024
,Cẩm Văn,Cẩm Giàng,advanced,2024
"""
RECOGNITIONS = """code,name,district,level,target_year,field,source
10972,Xã Tân Hồng,Huyện Bình Giang,advanced,2022,,QĐ ký 29/12/2022
"""
