# Removes the control groups of a session whose supervisor was killed: a whole ELF file of its own, as init.s. It waits
# for the end of the pipe that is its standard input, which comes with the supervisor's end, however that ends; then it
# removes the directories that are its arguments, and tries again for ten seconds while a process of the dying cell is
# still in one. What is gone already, as after every session that ended by itself, is done. All signals are blocked since
# the launch.
#
# SweeperProgram.cs holds the assembled bytes; a test assembles this file and compares.
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
    xor edi, edi
    lea rsi, [rsp-16]
    mov edx, 1
    xor eax, eax                    # read
    syscall
    test rax, rax
    jg start
    mov ebp, 1000
1:  lea rbx, [rsp+16]               # behind the number of arguments and the program's name
    xor r12d, r12d                  # whether one is still in use
2:  mov rdi, [rbx]
    test rdi, rdi
    jz 4f
    mov eax, 84                     # rmdir
    syscall
    cmp eax, -16                    # EBUSY
    jne 3f
    inc r12d
3:  add rbx, 8
    jmp 2b
4:  test r12d, r12d
    jz 5f
    dec ebp
    jz 5f
    mov qword ptr [rsp-16], 0
    mov qword ptr [rsp-8], 10000000 # 10 ms
    lea rdi, [rsp-16]
    xor esi, esi
    mov eax, 35                     # nanosleep
    syscall
    jmp 1b
5:  xor edi, edi
    mov eax, 231                    # exit_group
    syscall
end:
