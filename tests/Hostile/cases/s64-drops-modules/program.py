import os, subprocess, sys
for name in ("sitecustomize.py", "usercustomize.py", "json.py", "x.pth", "conftest.py"):
    with open(name, "w") as file:
        file.write("raise SystemExit('imported')")
import json
print(json.loads("1"))
