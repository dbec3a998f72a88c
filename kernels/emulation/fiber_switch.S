/* The switch between stacks (fiber.hpp declares it): what a call preserves lies on the stack that is left, so that one word, the
   stack pointer, is all that there is to keep. The control words of the floating-point units, which a call preserves too, are not
   kept: no kernel changes them. */
#if defined(__SANITIZE_ADDRESS__)
#define ARRIVE_ON_STACK 1
#else
#define ARRIVE_ON_STACK 0
#endif

    .text

/* passbench_suspend(a, b, decide): calls decide(a, b, stack pointer) and resumes the stack that it returns. */
    .p2align 5
    .global passbench_suspend
    .hidden passbench_suspend
    .type passbench_suspend, @function
passbench_suspend:
    .cfi_startproc
    pushq %rbp
    .cfi_adjust_cfa_offset 8
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    pushq %r12
    .cfi_adjust_cfa_offset 8
    pushq %r13
    .cfi_adjust_cfa_offset 8
    pushq %r14
    .cfi_adjust_cfa_offset 8
    pushq %r15
    .cfi_adjust_cfa_offset 8
    movq %rdx, %rax
    movq %rsp, %rdx
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    call *%rax
    movq %rax, %rdi
    movq %rdx, %rsi
    .cfi_endproc

/* passbench_resume(stack pointer, value): whoever suspended that stack sees its call return the value. */
    .global passbench_resume
    .hidden passbench_resume
    .type passbench_resume, @function
passbench_resume:
    .cfi_startproc
    .cfi_undefined rip
    movq %rdi, %rsp
#if ARRIVE_ON_STACK
    pushq %rsi
    call passbench_arrive_on_stack
    popq %rsi
#endif
    movq %rsi, %rax
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    /* Not by `ret`, for which the processor guesses the place that the latest call came from: that was in another CUDA thread, at
       the next barrier of the kernel. A jump is guessed by what was done before. */
    popq %rcx
    jmp *%rcx
    .cfi_endproc
    .size passbench_suspend, . - passbench_suspend

/* Where a stack that Fiber::restart has laid out begins: r12 has its fiber, r13 what to call with it. */
    .global passbench_begin_fiber
    .hidden passbench_begin_fiber
    .type passbench_begin_fiber, @function
passbench_begin_fiber:
    .cfi_startproc
    .cfi_undefined rip
    movq %r12, %rdi
    call *%r13
    ud2
    .cfi_endproc
    .size passbench_begin_fiber, . - passbench_begin_fiber

    .section .note.GNU-stack,"",%progbits
