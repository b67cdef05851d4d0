import os
names = set()
for folder, folders, files in os.walk("/"):
    names.update(files)
print("case.json" in names, "launcher.py" in names, "supervisor.py" in names, any(name.endswith((".dll", ".gguf")) for name in names))
