# Process 1 of a cell: a whole ELF file of its own, so that it shares no page with the supervisor.
# It reaps until process 2, the command, ends and ends with the same status (128 + signal when it was killed);
# the kernel then ends everything else in the pid namespace, pid_namespaces(7).
#
# It leads the session that the command's process group is in, so that the group is not orphaned and Ctrl-Z stops it,
# credentials(7). When the command stops, it gives the terminal (descriptor 2) back to the command's group, as a shell
# does that continues a job, and writes the signal's number to descriptor 1, where the supervisor reads it. Without a
# terminal both are closed and both calls fail, which changes nothing. All signals are blocked since the launch.
#
# InitProgram.cs holds the assembled bytes; a test assembles this file and compares.
    .intel_syntax noprefix
    .text
    .set base, 0x400000
file:
    .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0
    .short 2, 62                    # ET_EXEC, EM_X86_64
    .long 1
    .quad base + start - file
    .quad header - file
    .quad 0
    .long 0
    .short 64, 56, 2, 0, 0, 0
header:
    .long 1, 5                      # PT_LOAD, readable and executable
    .quad 0, base, base
    .quad end - file, end - file
    .quad 0x1000
    .long 0x6474e551, 6             # PT_GNU_STACK, not executable
    .quad 0, 0, 0, 0, 0, 16
start:
    mov edi, 4                      # prctl(PR_SET_DUMPABLE, 0): the cell cannot open /proc/1/mem
    xor esi, esi
    mov eax, 157
    syscall
1:  mov edi, -1
    lea rsi, [rsp-16]
    mov edx, 2                      # WUNTRACED
    xor r10d, r10d
    mov eax, 61                     # wait4
    syscall
    cmp eax, -10                    # ECHILD: the command was reaped before, which cannot be
    je 3f
    cmp eax, 2
    jne 1b
    mov edi, [rsp-16]
    cmp dil, 0x7f                   # WIFSTOPPED
    je 5f
    mov eax, edi
    and eax, 0x7f
    jz 2f
    lea edi, [rax+128]
    jmp 4f
2:  shr edi, 8
    and edi, 255
    jmp 4f
3:  mov edi, 127
4:  mov eax, 231                    # exit_group
    syscall
5:  mov [rsp-24], eax               # the group's number is the command's, which wait4 returned
    mov edi, 2
    mov esi, 0x5410                 # TIOCSPGRP
    lea rdx, [rsp-24]
    mov eax, 16                     # ioctl
    syscall
    mov edi, 1
    lea rsi, [rsp-15]               # WSTOPSIG
    mov edx, 1
    mov eax, 1                      # write; never blocks, a full pipe has enough of them
    syscall
    jmp 1b
end:
