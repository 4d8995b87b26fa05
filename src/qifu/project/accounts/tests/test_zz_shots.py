from datetime import timedelta
import pytest
from qifu.kernel.calendar import clock
from qifu.project.accounts import demo, totp
from .people import person, place
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Grant, Person

def test_shots(database, page, tmp_path):
    got=[]
    page.on("response", lambda r: got.append((r.status, r.url)))
    a = person("system_admin", where="奉化区", phone="16422275078", name="范洁")
    b = person("town_clerk", where="莼湖街道", phone="16440292839", name="袁晨睿")
    for i,(r,n) in enumerate([("approver","高洋"),("leader","韩国峰"),("assessor","赵桂洋"),("bureau_clerk","黄泽")]):
        person(r, where="奉化区", phone=f"1642000000{i}", name=n)
    (tmp_path/"d.csv").write_text("role,name,place,line\nsystem_admin,范洁,奉化区,x\ntown_clerk,袁晨睿,莼湖街道,x\napprover,高洋,奉化区,\nleader,韩国峰,奉化区,\nassessor,赵桂洋,奉化区,\nbureau_clerk,黄泽,奉化区,\n")
    print(demo.seed_demo_accounts(tmp_path/"d.csv", at=clock.now()))
    page.set_viewport_size({"width":390,"height":844})
    page.goto("/"); page.screenshot(path="/tmp/s_front390.png", full_page=True)
    page.fill("#f-phone","16440292839"); page.click("text=发验证码"); page.screenshot(path="/tmp/s_code390.png", full_page=True)
    page.fill("#f-code","111111"); page.click("text=进去"); page.screenshot(path="/tmp/s_codebad390.png", full_page=True)
    page.goto("/demo/sms"); page.screenshot(path="/tmp/s_sms390.png", full_page=True)
    import re
    code = re.search(r"验证码 (\d{6})", page.inner_text("main")).group(1)
    page.goto("/login/code"); page.fill("#f-code",code); page.click("text=进去")
    page.screenshot(path="/tmp/s_me390.png", full_page=True)
    page.goto("/me/login"); page.screenshot(path="/tmp/s_mylogin390.png", full_page=True)
    page.goto("/me/totp"); page.screenshot(path="/tmp/s_totp390.png", full_page=True)
    page.goto("/login/password"); page.screenshot(path="/tmp/s_pw390.png", full_page=True)
    page.set_viewport_size({"width":1280,"height":800})
    page.goto("/"); page.screenshot(path="/tmp/s_front.png", full_page=True)
    page.fill("#f-phone","16422275078"); page.click("text=发验证码"); page.goto("/demo/sms")
    code = re.search(r"验证码 (\d{6})", page.inner_text("main")).group(1)
    page.goto("/login/code"); page.fill("#f-code",code); page.click("text=进去")
    page.goto("/desk/people"); page.screenshot(path="/tmp/s_people.png", full_page=True)
    page.click("text=袁晨睿"); page.click("text=再给一个角色"); page.click("text=看完整号码"); page.screenshot(path="/tmp/s_person.png", full_page=True)
    page.click("text=停用，立刻退出") if False else None
    page.fill("[aria-label=停用事由]","离岗"); page.click("button:has-text('停用')"); page.screenshot(path="/tmp/s_refused.png", full_page=True)
    page.set_viewport_size({"width":390,"height":844}); page.goto("/desk/people"); page.screenshot(path="/tmp/s_people390.png", full_page=True)
    print([g for g in got if g[0]>=400])
