using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>The compiled filter says what the table says.</summary>
public sealed class FilterCompilerTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(SystemCallTableTests.AllOptions), MemberType = typeof(SystemCallTableTests))]
    public void FilterIsTheTableForEveryNumberAndItsTelltaleArguments(FilterOptions options)
    {
        SystemCallTable table = SystemCallTable.For(options);
        FilterProgram program = FilterCompiler.Compile(table);
        uint[] others = [0x3fffffff, 0x40000000, 0x40000001, 0x40000208, 0x7fffffff, 0x80000000, 0xffffffff];
        foreach (uint number in Enumerable.Range(0, 1200).Select(n => (uint)n).Concat(others))
        {
            foreach (seccomp_data data in TelltaleArguments(table.Find((SystemCall)number), number))
            {
                AssertSame(table, program, data);
            }
        }
    }

    [Fact]
    public void FilterIsTheTableForArbitraryCalls()
    {
        SystemCallTable table = SystemCallTable.For(new FilterOptions { ExplainWrites = true, ReportDenials = true });
        FilterProgram program = FilterCompiler.Compile(table);
        Gen<ulong> argument = Gen.OneOf(
            Gen.Choose(0, 64).Select(value => (ulong)value),
            Gen.Choose(int.MinValue, int.MaxValue).Select(value => (ulong)(uint)value),
            Gen.Choose(int.MinValue, int.MaxValue).Select(value => unchecked((ulong)(long)value * 0x9e3779b97f4a7c15)),
            Gen.Choose(0, 63).Select(bit => 1UL << bit));
        Gen<seccomp_data> calls =
            from number in Gen.OneOf(Gen.Choose(0, 500), Gen.Choose(int.MinValue, int.MaxValue))
            from arch in Gen.Frequency(
                (20, Gen.Constant((uint)AUDIT_ARCH.X86_64)),
                (1, Gen.Constant((uint)AUDIT_ARCH.I386)),
                (1, Gen.Choose(0, int.MaxValue).Select(value => (uint)value)))
            from arguments in argument.ArrayOf(6)
            select Arguments.Of((SystemCall)number, arguments) with { arch = arch };

        Prop.ForAll(calls.ToArbitrary(), data => Same(table, program, data))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    /// <summary>Tables with any rules, also those that today's table does not need: 64-bit comparisons, long
    /// conjunctions, repeated loads, jumps over much code.</summary>
    [Fact]
    public void FilterIsTheTableForArbitraryTables()
    {
        Gen<ArgumentTest> test =
            from argument in Gen.Choose(0, 2)
            from width in Gen.Elements(ArgumentWidth.Int, ArgumentWidth.Long)
            from mask in Gen.Elements(ulong.MaxValue, 0xffff_ffffUL, 3UL, 0x3_0000_0000UL, 0x1_0000_0001UL, 0UL)
            from comparison in Gen.Elements(Comparison.Equal, Comparison.NotEqual)
            from value in Gen.Elements(0UL, 1UL, 3UL, 0x1_0000_0000UL, 0x1_0000_0001UL, ulong.MaxValue)
            select new ArgumentTest(argument, width, mask, comparison, value);
        Gen<ArgumentRule> rule =
            from tests in test.NonEmptyListOf()
            from error in Gen.Choose(1, 40)
            select new ArgumentRule(FilterOutcome.Deny((Errno)error), "any", [.. tests.Take(6)]);
        Gen<SystemCallLine> line =
            from number in Gen.Choose(0, 60)
            from rules in rule.ListOf()
            select new SystemCallLine((SystemCall)number, [.. rules.Take(8)], FilterOutcome.Pass, Holder.Filter, "any");
        Gen<seccomp_data> call =
            from number in Gen.Choose(0, 61)
            from arguments in Gen.Elements(0UL, 1UL, 3UL, 0x1_0000_0000UL, 0x1_0000_0001UL, ulong.MaxValue).ArrayOf(3)
            select Arguments.Of((SystemCall)number, arguments);
        var pairs =
            from lines in line.ListOf(40)
            from calls in call.ArrayOf(200)
            select (lines, calls);

        Prop.ForAll(
            pairs.ToArbitrary(),
            pair =>
            {
                ImmutableArray<SystemCallLine> lines =
                    [.. pair.lines.DistinctBy(item => item.Call).OrderBy(item => item.Call)];
                FilterProgram program = FilterCompiler.Compile(lines, reportDenials: false);
                return Array.TrueForAll(
                    pair.calls,
                    data =>
                    {
                        SystemCallLine? own = lines.FirstOrDefault(item => (int)item.Call == data.nr);
                        uint expected = (own?.Judge(data.args) ?? SystemCallTable.Unknown).ToReturnValue();
                        return FilterSimulator.Run(program, data).ReturnValue == expected;
                    });
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [MemberData(nameof(SystemCallTableTests.AllOptions), MemberType = typeof(SystemCallTableTests))]
    public void PassedCallsCostNothingAfterTheKernelSawThemOnce(FilterOptions options)
    {
        SystemCallTable table = SystemCallTable.For(options);
        FilterProgram program = FilterCompiler.Compile(table);

        Assert.All(
            table.Lines,
            line => Assert.Equal(
                line.Disposition == Disposition.Passed,
                FilterSimulator.PassesWithoutRunning(program, line.Call)));
    }

    [Fact]
    public void TheWayToFrequentCallsIsShort()
    {
        SystemCallTable table = SystemCallTable.For(new FilterOptions { ExplainWrites = true });
        FilterProgram program = FilterCompiler.Compile(table);
        output.WriteLine($"{program.Instructions.Length} instructions");
        SystemCall[] calls =
        [
            SystemCall.read, SystemCall.write, SystemCall.openat, SystemCall.fcntl, SystemCall.ioctl,
            SystemCall.sendto, SystemCall.clone, SystemCall.socket, SystemCall.sendmsg,
        ];
        foreach (SystemCall call in calls)
        {
            int executed = FilterSimulator.Run(program, Arguments.Of(call)).Executed;
            output.WriteLine($"{call}: {executed} instructions");

            // An unknown family is the longest way of all: past every rule about sockets.
            Assert.InRange(executed, 1, call == SystemCall.socket ? 48 : 16);
        }

        Assert.InRange(program.Instructions.Length, 1, 1000);
    }

    [Fact]
    public void SimulatorRefusesWhatTheKernelRefuses()
    {
        seccomp_data data = Arguments.Of(SystemCall.read);

        Assert.Throws<InvalidOperationException>(() => FilterSimulator.Run(new FilterProgram([]), data));
        Assert.Throws<InvalidOperationException>(
            () => FilterSimulator.Run(new FilterProgram([new sock_filter { code = 0x20, k = 64 }]), data));
        Assert.Throws<InvalidOperationException>(
            () => FilterSimulator.Run(new FilterProgram([new sock_filter { code = 0xffff }]), data));
    }

    /// <summary>For each test of the line values that pass it and that do not, with and without upper halves.</summary>
    private static IEnumerable<seccomp_data> TelltaleArguments(SystemCallLine? line, uint number)
    {
        yield return Arguments.Of((SystemCall)number);
        yield return Arguments.Of((SystemCall)number) with { arch = (uint)AUDIT_ARCH.I386 };
        if (line is null)
        {
            yield break;
        }

        foreach (ArgumentRule rule in line.Rules)
        {
            foreach (ulong upper in new[] { 0UL, 0x1_0000_0000UL, 0xffff_ffff_0000_0000UL })
            {
                // All tests of the rule hold, then each of them fails alone.
                for (int failing = -1; failing < rule.Tests.Length; failing++)
                {
                    seccomp_data data = Arguments.Of((SystemCall)number);
                    for (int i = 0; i < rule.Tests.Length; i++)
                    {
                        ArgumentTest test = rule.Tests[i];
                        bool equal = test.Comparison == Comparison.Equal;
                        ulong value = equal ? test.Value : test.Value ^ test.Mask;
                        data.args[test.Argument] = upper | (i == failing ? ~value & uint.MaxValue : value);
                    }

                    yield return data;
                }
            }
        }
    }

    private static bool Same(SystemCallTable table, FilterProgram program, in seccomp_data data) =>
        FilterSimulator.Run(program, data).ReturnValue
        == table.Judge(data).ToReturnValue(table.Options.ReportDenials);

    private static void AssertSame(SystemCallTable table, FilterProgram program, seccomp_data data) =>
        Assert.True(
            Same(table, program, data),
            $"{(SystemCall)data.nr} arch 0x{data.arch:x} args {string.Join(' ', data.args[..].ToArray())}");
}
