# Process 1 of a cell that is given one job after another: a whole ELF file of its own, as init.s.
#
# Descriptor 0 is a socket to the supervisor (SOCK_SEQPACKET), 1 and 2 are the cell's terminal. It leads the session of
# that terminal, so that the process groups of its jobs are not orphaned and Ctrl-Z stops them, credentials(7).
#
#   comes: 16 bytes, the size of the job's memory and the number of its steps, with descriptors: the first is that
#          memory, which is mapped at 0x20000000, the others are the job's and are 5, 6, … while its steps are walked.
#          The steps are as in launch.s; each result is stored in its step, where the supervisor reads it. The end of
#          the stream ends the cell.
#   goes:  8 bytes, twice a long: 0 and 0 when no child is left; -1 and 0 when the steps of a job were walked; process
#          and wait status of a child that ended or stopped, wait4(2), and behind them what it used: the first 40 bytes
#          of its struct rusage, getrusage(2), times and peak memory.
#
# A child of vfork uses registers only, so that it may share this memory. All signals are blocked since the launch.
#
# PorterProgram.cs holds the assembled bytes; a test assembles this file and compares.
    .intel_syntax noprefix
    .text
    .set base, 0x400000
    .set memory, 0x20000000
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
    sub rsp, 1024
    mov edi, 4                      # prctl(PR_SET_DUMPABLE, 0): the cell cannot open /proc/1/mem
    xor esi, esi
    mov eax, 157
    syscall
    mov qword ptr [rsp], 0x10000    # SIGCHLD
    mov edi, -1
    mov rsi, rsp
    mov edx, 8
    mov r10d, 0x80800               # SFD_CLOEXEC|SFD_NONBLOCK
    mov eax, 289                    # signalfd4: 3
    syscall
turn:
    mov rax, 0x100000000            # {0, POLLIN}
    mov [rsp], rax
    mov rax, 0x100000003            # {3, POLLIN}
    mov [rsp+8], rax
    mov rdi, rsp
    mov esi, 2
    mov edx, -1
    mov eax, 7                      # poll
    syscall
    cmp word ptr [rsp+14], 0
    je 1f
    call reap
1:  cmp word ptr [rsp+6], 0
    je turn
    call job
    jmp turn

reap:
    mov edi, 3
    lea rsi, [rsp+64]
    mov edx, 128
    xor eax, eax                    # read: several children may share one
    syscall
1:  mov edi, -1
    lea rsi, [rsp+68]
    mov edx, 3                      # WNOHANG|WUNTRACED
    lea r10, [rsp+72]               # struct rusage, of which the first 40 bytes are sent
    mov eax, 61                     # wait4
    syscall
    test eax, eax
    jz 3f
    jg 2f
    mov qword ptr [rsp+64], 0       # ECHILD
    jmp say
2:  mov [rsp+64], eax
    lea rsi, [rsp+64]
    mov edi, 0
    mov edx, 48
    mov eax, 1                      # write
    syscall
    jmp 1b
3:  ret

say:                                # eight bytes at [rsp+64]
    xor edi, edi
    lea rsi, [rsp+64]
    mov edx, 8
    mov eax, 1
    syscall
    ret

job:
    lea rax, [rsp+128]              # iovec: where the two numbers go
    mov [rsp+64], rax
    mov qword ptr [rsp+72], 16
    xor eax, eax
    mov [rsp+144], rax              # msghdr
    mov [rsp+152], rax
    lea rcx, [rsp+64]
    mov [rsp+160], rcx
    mov qword ptr [rsp+168], 1
    lea rcx, [rsp+256]
    mov [rsp+176], rcx
    mov qword ptr [rsp+184], 512
    mov [rsp+192], rax
    xor edi, edi
    lea rsi, [rsp+144]
    mov edx, 0x40000000             # MSG_CMSG_CLOEXEC
    mov eax, 47                     # recvmsg
    syscall
    cmp eax, 16
    jne quit
    mov edi, memory
    mov rsi, [rsp+128]
    mov edx, 3                      # PROT_READ|PROT_WRITE
    mov r10d, 0x11                  # MAP_SHARED|MAP_FIXED
    mov r8d, 4
    xor r9d, r9d
    mov eax, 9                      # mmap
    syscall
    cmp rax, memory
    jne quit
    mov edi, 4
    mov eax, 3                      # close: no job is to have it
    syscall
    mov ebx, memory
    mov r12, [rsp+136]
    xor r13d, r13d                  # whether this is the child
1:  test r12, r12
    jle 8f
    mov rax, [rbx]
    mov r14, rax
    mov rdi, [rbx+8]
    mov rsi, [rbx+16]
    mov rdx, [rbx+24]
    mov r10, [rbx+32]
    mov r8, [rbx+40]
    mov r9, [rbx+48]
    syscall
    cmp r14, 58                     # vfork
    jne 2f
    test rax, rax
    jnz 2f
    mov r13d, 1
    jmp 5f                          # the result is the parent's to store
2:  mov [rbx+56], rax
    cmp rax, [rbx+64]
    jl 8f
    mov rcx, [rbx+72]
    test rcx, rcx
    jz 4f
3:  mov rdx, [rcx]
    test rdx, rdx
    jz 4f
    mov [rdx], eax
    add rcx, 8
    jmp 3b
4:  test rax, rax
    jz 5f
    mov rcx, [rbx+80]
    sub r12, rcx
    imul rcx, rcx, 88
    add rbx, rcx
5:  add rbx, 88
    dec r12
    jmp 1b
8:  test r13d, r13d
    jz 9f
    mov edi, 127
    mov eax, 231                    # exit_group
    syscall
9:  mov edi, 4
    mov esi, -1
    xor edx, edx
    mov eax, 436                    # close_range: what the job got is the job's
    syscall
    mov dword ptr [rsp+64], -1
    mov dword ptr [rsp+68], 0
    jmp say
quit:
    xor edi, edi
    mov eax, 231
    syscall
end:
