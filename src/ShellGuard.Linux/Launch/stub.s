# What stands for a command in a lobby: a whole ELF file of its own, as init.s.
#
# It asks the supervisor where the command is to run, by execveat(2) on a directory that cannot be (-0x5347): path is
# the name that it was executed by (AT_EXECFN), arguments and environment are its own. The supervisor carries that call
# out: it answers with a descriptor, over which it then says, one packet each:
#
#   X PATH \0    run that program in this process, here
#   E STATUS     the command has run elsewhere, and ended with this status
#   K SIGNAL     it was interrupted from the keyboard: end by that signal, as a shell expects it
#   S            it was stopped from the keyboard: stop too; when continued, C goes back
#
# StubProgram.cs holds the assembled bytes; a test assembles this file and compares.
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
    mov rax, [rsp]
    lea rbx, [rsp+8]                # arguments
    lea rbp, [rbx+rax*8+8]          # environment
    mov rcx, rbp
1:  mov rax, [rcx]
    add rcx, 8
    test rax, rax
    jnz 1b
2:  mov rax, [rcx]                  # auxiliary vector, getauxval(3)
    test rax, rax
    jz fail
    cmp rax, 31                     # AT_EXECFN
    je 3f
    add rcx, 16
    jmp 2b
3:  mov rsi, [rcx+8]
    mov rdi, -0x5347
    mov rdx, rbx
    mov r10, rbp
    xor r8d, r8d
    mov eax, 322                    # execveat
    syscall
    test rax, rax
    js fail
    mov r12, rax
    sub rsp, 8192
next:
    mov rdi, r12
    mov rsi, rsp
    mov edx, 8192
    xor eax, eax                    # read
    syscall
    cmp rax, -4                     # EINTR
    je next
    test rax, rax
    jle fail
    mov al, [rsp]
    cmp al, 'X'
    je here
    cmp al, 'E'
    je ended
    cmp al, 'S'
    je stopped
    cmp al, 'K'
    jne fail
    movzx esi, byte ptr [rsp+1]
    mov r13d, esi
    mov eax, 39                     # getpid
    syscall
    mov edi, eax
    mov esi, r13d
    mov eax, 62                     # kill
    syscall
    lea edi, [r13+128]              # it was ignored
    jmp leave
here:
    lea rdi, [rsp+1]
    mov rsi, rbx
    mov rdx, rbp
    mov eax, 59                     # execve
    syscall
fail:
    mov edi, 126
    jmp leave
ended:
    movzx edi, byte ptr [rsp+1]
leave:
    mov eax, 231                    # exit_group
    syscall
stopped:
    mov eax, 39
    syscall
    mov edi, eax
    mov esi, 19                     # SIGSTOP
    mov eax, 62
    syscall
    mov byte ptr [rsp], 'C'
    mov rdi, r12
    mov rsi, rsp
    mov edx, 1
    mov eax, 1                      # write
    syscall
    jmp next
end:
