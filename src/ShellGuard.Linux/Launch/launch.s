# long run(struct clone_args *args, size_t size, struct step *steps, long count)
#
# Creates a process and walks an array of system calls in it. In the parent it returns what clone3 returned.
# The child uses registers only: no stack, no libc, no managed code, so it may share the parent's memory
# (CLONE_VM) while all signals are blocked. Each result is stored in its step, where the parent reads it.
#
#   step +0   number          +8..+48  arguments        +56  result
#        +64  minimum: a smaller result (signed) ends the process with status 127
#        +72  null, or a null-terminated array of addresses that receive the result's low 32 bits
#        +80  how many steps to skip when the result is not 0 (the parent's side of a vfork)
#
# LaunchCode.cs holds the assembled bytes; a test assembles this file and compares.
    .intel_syntax noprefix
    .text
run:
    push rbx
    push r12
    mov rbx, rdx
    mov r12, rcx
    mov eax, 435                    # clone3
    syscall
    test rax, rax
    jne 9f
1:  test r12, r12
    jle 8f
    mov rax, [rbx]
    mov rdi, [rbx+8]
    mov rsi, [rbx+16]
    mov rdx, [rbx+24]
    mov r10, [rbx+32]
    mov r8, [rbx+40]
    mov r9, [rbx+48]
    syscall
    mov [rbx+56], rax
    cmp rax, [rbx+64]
    jl 8f
    mov rcx, [rbx+72]
    test rcx, rcx
    jz 3f
2:  mov rdx, [rcx]
    test rdx, rdx
    jz 3f
    mov [rdx], eax
    add rcx, 8
    jmp 2b
3:  test rax, rax
    jz 4f
    mov rcx, [rbx+80]
    sub r12, rcx
    imul rcx, rcx, 88
    add rbx, rcx
4:  add rbx, 88
    dec r12
    jmp 1b
8:  mov eax, 231                    # exit_group
    mov edi, 127
    syscall
9:  pop r12
    pop rbx
    ret
