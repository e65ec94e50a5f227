"""What a run was made on, and what the clocks did meanwhile. Nothing is changed."""
import datetime
import os
import platform
import subprocess
import sys

FIELDS = ("clocks.sm", "power.draw", "temperature.gpu")  # MHz, W, degrees Celsius


def _output(command, timeout=20):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def sample_clocks():
    """{field: value} of the first GPU now; empty without nvidia-smi."""
    text = _output(["nvidia-smi", "-i", "0", f"--query-gpu={','.join(FIELDS)}", "--format=csv,noheader,nounits"])
    try:
        return dict(zip(FIELDS, (float(value) for value in text.split(","))))
    except ValueError:
        return {}


def describe_machine():
    """Processor, driver, Python and the installed packages."""
    query = "--query-gpu=name,driver_version,memory.total,power.limit"
    return {"date": datetime.date.today().isoformat(), "machine": platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(), "python": platform.python_version(),
            "gpu": _output(["nvidia-smi", "-i", "0", query, "--format=csv,noheader"]),
            "packages": _output([sys.executable, "-m", "pip", "freeze"], timeout=60).splitlines()}
