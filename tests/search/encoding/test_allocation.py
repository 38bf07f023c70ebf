"""What a process asks of the C library's memory allocation."""

import ctypes
import platform
import subprocess
import sys

import pytest

from config import gunicorn
from search.encoding import allocation
from search.operations import expiry, warm_up

ALL = ["keep_pages", "return_large_blocks", "return_freed"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="these are options of glibc")
@pytest.mark.parametrize("function", ALL[:2])
def test_glibc_takes_every_option(function):
    # In a process of its own: the options hold until it ends.
    code = f"import sys; from search.encoding import allocation; sys.exit(not allocation.{function}())"
    ran = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code
    assert ran.returncode == 0


@pytest.mark.parametrize("function", ALL)
def test_another_c_library_is_left_as_it_is(function, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert not getattr(allocation, function)()


def test_a_server_sets_them_before_its_first_thread(monkeypatch):
    done = []
    monkeypatch.setattr(allocation, "return_large_blocks", lambda: done.append("memory"))
    monkeypatch.setattr(warm_up, "in_background", lambda: done.append("warm-up"))
    monkeypatch.setattr(expiry, "in_background", lambda: done.append("expiry"))
    gunicorn.post_worker_init(object())
    assert done == ["memory", "warm-up", "expiry"]
