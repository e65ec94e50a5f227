"""Every way to another path that the check knows, and reading it, which is no change."""
import os
import site
import sys

sys.path.insert(0, "here")
sys.path[:0] = ["here"]
sys.path += ["here"]
site.addsitedir("here")
os.environ["PYTHONPATH"] = "here"
print(sys.path == [], len(sys.path))
