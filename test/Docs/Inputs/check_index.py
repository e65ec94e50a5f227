"""Prints every page and folder of the current directory that README.md does not link, and every dead link."""
import pathlib
import re

problems = []
linked = set(re.findall(r"\]\(([^)#\s]+)\)", pathlib.Path("README.md").read_text()))
pages = sorted(path for path in pathlib.Path(".").rglob("*.md") if path.parts[0] != "decisions")
problems += [f"{page} is not in the index" for page in pages if str(page) not in linked and page.name != "README.md"]
for page in pathlib.Path(".").rglob("*.md"):
    for link in re.findall(r"\]\(([^)#\s]+)\)", page.read_text()) if page.parts[0] != "generated" else []:
        if "://" not in link and not (page.parent / link).exists():
            problems.append(f"{page}: the link '{link}' leads nowhere")
print("\n".join(problems + [f"{len(pages)} pages, {len(problems)} problems"]))
