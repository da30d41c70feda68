using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A filter that stops some calls for a tracer, SECCOMP_RET_TRACE, and lets everything else run at full speed:
/// the kernel keeps which numbers always pass and does not run the filter for them.</summary>
public static class TraceFilter
{
    /// <summary>What <see cref="PTRACE.GETEVENTMSG"/> returns at a stop of this filter and not of another.</summary>
    public const ushort Datum = 0x5347;

    /// <param name="native">Calls of x86-64; those of x32 stop all of them.</param>
    /// <param name="compatible">Calls of 32-bit programs.</param>
    public static FilterProgram Compile(IReadOnlyList<TraceRule> native, IReadOnlyList<TraceRule> compatible)
    {
        List<sock_filter> first = [];
        first.Add(FilterCode.Load(FilterCode.NumberOffset));
        first.Add(FilterCode.Jump(BPF.JGE, FilterCompiler.FirstX32Number, whenTrue: 0, whenFalse: 1));
        first.Add(Trace());
        AddRules(first, native);
        List<sock_filter> second = [FilterCode.Load(FilterCode.NumberOffset)];
        AddRules(second, compatible);
        return new FilterProgram(
        [
            FilterCode.Load(FilterCode.ArchitectureOffset),
            FilterCode.Jump(BPF.JEQ, (uint)AUDIT_ARCH.X86_64, whenTrue: 0, whenFalse: 1),
            FilterCode.Always(3),
            FilterCode.Jump(BPF.JEQ, (uint)AUDIT_ARCH.I386, whenTrue: 0, whenFalse: 1),
            FilterCode.Always(first.Count + 1),
            Trace(),
            .. first,
            .. second,
        ]);
    }

    /// <summary>A filter that stops every call.</summary>
    public static FilterProgram All { get; } = new([Trace()]);

    private static void AddRules(List<sock_filter> program, IReadOnlyList<TraceRule> rules)
    {
        foreach (TraceRule rule in rules)
        {
            if (rule.Tests.Count == 0)
            {
                program.Add(FilterCode.Jump(BPF.JEQ, (uint)rule.Number, whenTrue: 0, whenFalse: 1));
                program.Add(Trace());
                continue;
            }

            List<sock_filter> tests = [];
            foreach (TraceTest test in Enumerable.Reverse(rule.Tests))
            {
                tests.InsertRange(0, Test(test, tests.Count + 1));
            }

            // The tests leave another word in the accumulator; behind them this call is settled.
            program.Add(FilterCode.Jump(BPF.JEQ, (uint)rule.Number, whenTrue: 0, whenFalse: tests.Count + 2));
            program.AddRange(tests);
            program.Add(Trace());
            program.Add(FilterCode.Return((uint)SECCOMP_RET.ALLOW));
        }

        program.Add(FilterCode.Return((uint)SECCOMP_RET.ALLOW));
    }

    /// <param name="behind">How far behind this test the call is let go; it is traced one before.</param>
    private static List<sock_filter> Test(TraceTest test, int behind)
    {
        uint offset = FilterCode.ArgumentOffset(test.Argument);
        List<sock_filter> code = [FilterCode.Load(offset), FilterCode.And((uint)test.Mask)];
        if (test.Values.Count == 0)
        {
            uint upper = (uint)(test.Mask >> 32);
            if (upper != 0)
            {
                code.Add(FilterCode.Jump(BPF.JEQ, 0, whenTrue: 0, whenFalse: 3));
                code.Add(FilterCode.Load(offset + sizeof(uint)));
                code.Add(FilterCode.And(upper));
            }

            code.Add(FilterCode.Jump(BPF.JEQ, 0, whenTrue: behind, whenFalse: 0));
            return code;
        }

        for (int i = 0; i < test.Values.Count; i++)
        {
            int left = test.Values.Count - 1 - i;
            code.Add(FilterCode.Jump(BPF.JEQ, test.Values[i], whenTrue: left, whenFalse: left == 0 ? behind : 0));
        }

        return code;
    }

    private static sock_filter Trace() => FilterCode.Return((uint)SECCOMP_RET.TRACE | Datum);
}
