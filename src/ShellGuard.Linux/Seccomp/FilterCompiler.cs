using System.Collections.Immutable;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Compiles a table to classic BPF. The program asks for the architecture, puts x32 and negative numbers
/// aside, and finds the number's line in a tree of comparisons in which often called lines are near the root. Every
/// leaf ends with a return of its own, so no jump goes far.</summary>
/// <remarks>Since 5.11 the kernel runs the program once per number when it is installed and never again for those
/// that are let pass without a look at an argument: they cost nothing. So what counts is the way to the lines with
/// argument rules.</remarks>
public static class FilterCompiler
{
    /// <summary>The kernel's __X32_SYSCALL_BIT.</summary>
    internal const uint FirstX32Number = 0x40000000;

    /// <summary>From here on numbers are negative to the kernel and no call of any ABI.</summary>
    internal const uint FirstNegativeNumber = 0x80000000;

    /// <summary>The longest distance of a conditional jump, in instructions.</summary>
    private const int LongestConditionalJump = byte.MaxValue;

    /// <summary>Compiles the table.</summary>
    /// <exception cref="InvalidOperationException">The filter is longer than the kernel takes (4096).</exception>
    public static FilterProgram Compile(SystemCallTable table) => Compile(table.Lines, table.Options.ReportDenials);

    /// <param name="lines">By number, ascending, one per call.</param>
    /// <param name="reportDenials">See <see cref="FilterOptions.ReportDenials"/>.</param>
    internal static FilterProgram Compile(ImmutableArray<SystemCallLine> lines, bool reportDenials)
    {
        List<FilterRange> ranges = FilterRange.Partition(lines, reportDenials);

        List<sock_filter> program =
        [
            FilterCode.Load(FilterCode.ArchitectureOffset),
            FilterCode.Jump(BPF.JEQ, (uint)AUDIT_ARCH.X86_64, whenTrue: 1, whenFalse: 0),
            FilterCode.Return(SystemCallTable.ForeignArchitecture.ToReturnValue()),
            FilterCode.Load(FilterCode.NumberOffset),
            .. Tree(ranges, 0, ranges.Count),
        ];
        return program.Count <= BPF.MAXINSNS
            ? new FilterProgram([.. program])
            : throw new InvalidOperationException($"the filter has {program.Count} instructions, the kernel takes "
                + $"{BPF.MAXINSNS}");
    }

    /// <summary>Code that finds the range of the number in the accumulator and does what its line says.</summary>
    private static List<sock_filter> Tree(List<FilterRange> ranges, int start, int end)
    {
        if (end - start == 1)
        {
            return Leaf(ranges[start]);
        }

        int middle = SplitByWeight(ranges, start, end);
        List<sock_filter> below = Tree(ranges, start, middle);
        List<sock_filter> above = Tree(ranges, middle, end);
        uint first = ranges[middle].First;

        // A conditional jump reaches 255 instructions, an unconditional one all.
        return below.Count <= LongestConditionalJump
            ? [FilterCode.Jump(BPF.JGE, first, whenTrue: below.Count, whenFalse: 0), .. below, .. above]
            :
            [
                FilterCode.Jump(BPF.JGE, first, whenTrue: 0, whenFalse: 1),
                FilterCode.Always(below.Count),
                .. below,
                .. above,
            ];
    }

    /// <summary>Where to cut so that both halves are asked for about equally often.</summary>
    private static int SplitByWeight(List<FilterRange> ranges, int start, int end)
    {
        long total = 0;
        for (int i = start; i < end; i++)
        {
            total += ranges[i].Weight;
        }

        long before = ranges[start].Weight;
        int middle = start + 1;
        while (middle < end - 1)
        {
            long more = before + ranges[middle].Weight;
            if (Math.Abs((2 * more) - total) >= Math.Abs((2 * before) - total))
            {
                break;
            }

            before = more;
            middle++;
        }

        return middle;
    }

    private static List<sock_filter> Leaf(FilterRange range)
    {
        List<sock_filter> code = [];
        LoadedWord? loaded = null;
        foreach (CompiledRule rule in range.Rules)
        {
            code.AddRange(Rule(rule, loaded));
            loaded = LoadedAfter(rule);
        }

        code.Add(FilterCode.Return(range.ReturnValue));
        return code;
    }

    /// <summary>Code that returns the rule's value where all its tests hold, and otherwise goes on behind itself.
    /// Built from the end, so that each test knows how far behind it the end is.</summary>
    private static List<sock_filter> Rule(CompiledRule rule, LoadedWord? loaded)
    {
        List<sock_filter> code = [FilterCode.Return(rule.ReturnValue)];
        for (int i = rule.Tests.Length - 1; i >= 0; i--)
        {
            code.InsertRange(0, Test(rule.Tests[i], code.Count, i == 0 ? loaded : null));
        }

        return code;
    }

    /// <summary>Code that goes on behind itself where the test holds, and otherwise jumps over
    /// <paramref name="rest"/> instructions more.</summary>
    private static List<sock_filter> Test(ArgumentTest test, int rest, LoadedWord? loaded)
    {
        LoadedWord low = LoadedWord.Low(test);
        LoadedWord high = LoadedWord.High(test);
        bool equal = test.Comparison == Comparison.Equal;
        uint lowValue = (uint)test.Value;
        uint highValue = (uint)(test.Value >> 32);

        List<sock_filter> code = low == loaded && high.Mask == 0 ? [] : Load(low);
        code.Add(equal
            ? FilterCode.Jump(BPF.JEQ, lowValue, whenTrue: 0, whenFalse: rest)
            : FilterCode.Jump(BPF.JEQ, lowValue, whenTrue: rest, whenFalse: 0));
        if (high.Mask == 0 && highValue == 0)
        {
            return code;
        }

        // Both halves must be equal; or one different is enough, and then the other is not asked.
        List<sock_filter> upper = Load(high);
        upper.Add(equal
            ? FilterCode.Jump(BPF.JEQ, highValue, whenTrue: 0, whenFalse: rest)
            : FilterCode.Jump(BPF.JEQ, highValue, whenTrue: rest, whenFalse: 0));
        code[^1] = equal
            ? FilterCode.Jump(BPF.JEQ, lowValue, whenTrue: 0, whenFalse: upper.Count + rest)
            : FilterCode.Jump(BPF.JEQ, lowValue, whenTrue: 0, whenFalse: upper.Count);
        code.AddRange(upper);
        return code;
    }

    private static List<sock_filter> Load(LoadedWord word)
    {
        List<sock_filter> code = [FilterCode.Load(word.Offset)];
        if (word.Mask != uint.MaxValue)
        {
            code.Add(FilterCode.And(word.Mask));
        }

        return code;
    }

    /// <summary>What the accumulator has when a rule did not hold: known where there was one way to find that out,
    /// and then the next rule about the same word need not load it again.</summary>
    private static LoadedWord? LoadedAfter(CompiledRule rule) =>
        rule.Tests is [{ Width: ArgumentWidth.Int, Value: <= uint.MaxValue } test] ? LoadedWord.Low(test) : null;
}
