using System.Collections.Immutable;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Neighbouring system call numbers with which the filter does the same.</summary>
/// <param name="First">The first number, as unsigned; the range ends before the next one's.</param>
/// <param name="Rules">Rules about arguments; empty where the number decides.</param>
/// <param name="ReturnValue">What the filter returns where no rule holds.</param>
/// <param name="Weight">How often, compared with others, the filter is run for it.</param>
internal sealed record FilterRange(uint First, ImmutableArray<CompiledRule> Rules, uint ReturnValue, int Weight)
{
    private const int RareWeight = 1;

    /// <summary>All 2^32 numbers, in ranges.</summary>
    internal static List<FilterRange> Partition(ImmutableArray<SystemCallLine> lines, bool reportDenials)
    {
        uint unknown = SystemCallTable.Unknown.ToReturnValue(reportDenials);
        List<FilterRange> ranges = [];
        uint next = 0;
        foreach (SystemCallLine line in lines)
        {
            uint number = (uint)line.Call;
            if (number != next)
            {
                Add(ranges, new FilterRange(next, [], unknown, RareWeight));
            }

            Add(ranges, Range(line, reportDenials));
            next = number + 1;
        }

        Add(ranges, new FilterRange(next, [], unknown, RareWeight));
        uint x32 = SystemCallTable.X32.ToReturnValue(reportDenials);
        Add(ranges, new FilterRange(FilterCompiler.FirstX32Number, [], x32, RareWeight));
        Add(ranges, new FilterRange(FilterCompiler.FirstNegativeNumber, [], unknown, RareWeight));
        return ranges;
    }

    private static FilterRange Range(SystemCallLine line, bool reportDenials)
    {
        uint otherwise = line.Otherwise.ToReturnValue(reportDenials);
        ImmutableArray<CompiledRule> rules =
            [.. line.Rules.Select(rule => new CompiledRule(rule.Outcome.ToReturnValue(reportDenials), rule.Tests))];
        return new FilterRange((uint)line.Call, rules, otherwise, rules.IsEmpty ? RareWeight : WeightOf(line.Call));
    }

    /// <summary>Adds a range, as part of its neighbour where both do the same without a look at arguments.</summary>
    private static void Add(List<FilterRange> ranges, FilterRange range)
    {
        if (ranges.Count > 0
            && ranges[^1].Rules.IsEmpty
            && range.Rules.IsEmpty
            && ranges[^1].ReturnValue == range.ReturnValue)
        {
            return;
        }

        ranges.Add(range);
    }

    /// <summary>Rough frequencies in builds and servers of the calls whose arguments are looked at; only their order
    /// matters. All others are remembered by the kernel or rare.</summary>
    private static int WeightOf(SystemCall call) => call switch
    {
        SystemCall.openat => 400,
        SystemCall.fcntl or SystemCall.ioctl => 200,
        SystemCall.sendto or SystemCall.sendmsg => 200,
        SystemCall.open => 50,
        SystemCall.clone or SystemCall.socket or SystemCall.setsockopt or SystemCall.prctl => 20,
        SystemCall.sendmmsg => 20,
        _ => RareWeight,
    };
}
