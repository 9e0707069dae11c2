"""A filter of Linux system calls: no sockets, no other programs, no way into other processes. https://man7.org/linux/man-pages/man2/seccomp.2.html"""

from __future__ import annotations

import ctypes
import errno
import platform

NO_NEW_PRIVILEGES, SET_FILTER, FILTER = 38, 22, 2
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions of the filter's machine: load a word of the call, jump where it equals, is at least, or has one of these bits, and answer."""
ALLOWED, REFUSED, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER, PROCESSOR, FIRST_ARGUMENT = 0, 4, 16
"""Where a call's words lie."""
CLONE, CLONE3, A_THREAD = {"x86_64": 56, "aarch64": 220}, 435, 0x10000
"""A new thread is allowed and a new process is not. The flags of `clone3` can't be read here: the C library takes the older call where it is unknown."""
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""From here on the calls of a second set that x86-64 has."""
DENIED = {
    # socket, connect, bind, execve, execveat, fork, vfork, ptrace, process_vm_readv and writev, io_uring_setup and enter, bpf, mount, unshare, setns,
    # add_key, request_key, keyctl, perf_event_open, userfaultfd, pidfd_getfd
    "x86_64": (41, 42, 49, 59, 322, 57, 58, 101, 310, 311, 425, 426, 321, 165, 272, 308, 248, 249, 250, 298, 323, 438),
    "aarch64": (198, 203, 200, 221, 281, 117, 270, 271, 425, 426, 280, 40, 97, 268, 217, 218, 219, 241, 282, 438),
}


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("if_true", ctypes.c_uint8), ("if_false", ctypes.c_uint8), ("value", ctypes.c_uint32)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("start", ctypes.POINTER(_Instruction))]


def deny() -> bool:
    """Have these calls answered with "not permitted" from now on; whether the system and the processor can do it."""
    machine = platform.machine()
    if machine not in DENIED:
        return False
    instructions = _filter(machine)
    program = _Program(len(instructions), (_Instruction * len(instructions))(*instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return libc.prctl(SET_FILTER, FILTER, ctypes.byref(program), 0, 0) == 0


def _filter(machine: str) -> list[_Instruction]:
    """Calls in another processor's manner, of the second set, new processes, and those of the list are refused; the others are allowed."""
    tests: list[tuple[int, int, str, str]] = [
        (LOAD, PROCESSOR, "", ""),
        (EQUAL, ARCHITECTURE[machine], "", "refused"),
        (LOAD, NUMBER, "", ""),
        (AT_LEAST, X32, "refused", ""),
        (EQUAL, CLONE3, "unknown", ""),
        *((EQUAL, number, "refused", "") for number in DENIED[machine]),
        (EQUAL, CLONE[machine], "", "allowed"),
        (LOAD, FIRST_ARGUMENT, "", ""),
        (HAS_BITS, A_THREAD, "allowed", "refused"),
    ]
    ends = {"allowed": ALLOWED, "refused": REFUSED, "unknown": UNKNOWN}
    places = {name: len(tests) + index for index, name in enumerate(ends)}

    def jump(label: str, here: int) -> int:
        """How many instructions to leave out; none where the next one follows."""
        return places[label] - here - 1 if label else 0

    program = [_Instruction(code, jump(yes, here), jump(no, here), value) for here, (code, value, yes, no) in enumerate(tests)]
    return program + [_Instruction(RETURN, 0, 0, answer) for answer in ends.values()]
