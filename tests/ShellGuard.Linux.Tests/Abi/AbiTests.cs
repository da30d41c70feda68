using System.Text.RegularExpressions;
using ShellGuard.Linux.Abi;
using Xunit;

namespace ShellGuard.Linux.Tests.Abi;

/// <summary>What C# says about the kernel's interface is what the C compiler says.</summary>
public sealed partial class AbiTests
{
    [Fact]
    public void ConstantsAndLayoutsAreThoseOfC()
    {
        List<AbiFact> facts =
        [
            .. AbiFacts.ConstantTypes.SelectMany(AbiFacts.Constants),
            .. AbiFacts.StructTypes.SelectMany(AbiFacts.Layout),
        ];
        IReadOnlyList<ulong?> answers = AbiProgram.Ask(facts);

        List<string> wrong = [];
        for (int i = 0; i < facts.Count; i++)
        {
            AbiFact fact = facts[i];
            if (answers[i] is null ? fact.Guard is null : answers[i] != fact.Value)
            {
                wrong.Add($"{fact.Subject} is {fact.Value} (0x{fact.Value:x}) here and {answers[i]} in C");
            }
        }

        Assert.Empty(wrong);

        // That the collection by reflection found something to ask about.
        Assert.Contains(facts, fact => fact.Subject == "SystemCall.openat");
        Assert.Contains(facts, fact => fact.Subject == "offset of seccomp_notif_addfd.newfd_flags" && fact.Value == 20);
    }

    [Fact]
    public void CAnswersWhatItKnowsAndSaysWhatItDoesNot()
    {
        AbiFact right = new("right", "POLLIN", 1, ["poll.h"]);
        AbiFact absent = new("absent", "NO_SUCH_MACRO", 1, ["poll.h"], "NO_SUCH_MACRO");
        AbiFact layout = new("layout", "offsetof(struct pollfd, revents)", 6, ["poll.h"]);

        Assert.Equal([1, null, 6], AbiProgram.Ask([right, absent, layout]));
    }

    [Fact]
    public void EveryTypeOfTheInterfaceSaysItsNameInC()
    {
        IEnumerable<Type> silent = typeof(CNameAttribute).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CNameAttribute).Namespace && !type.IsNested)
            .Where(type => !typeof(Attribute).IsAssignableFrom(type) && type != typeof(SystemCallArguments))
            .Except(AbiFacts.ConstantTypes)
            .Except(AbiFacts.StructTypes);

        Assert.Empty(silent);
    }

    [Fact]
    public void WhatIsNewerThanTheHeadersSaysWhereItIsFrom() =>
        Assert.All(AbiFacts.Newer(), newer => Assert.Matches(Origin(), newer.Origin));

    [Fact]
    public void SystemCallNumbersHaveNoGapButTheKernels()
    {
        // arch/x86/entry/syscalls/syscall_64.tbl of Linux 6.18: 0 to 336, then 424 to 469.
        IEnumerable<int> expected = Enumerable.Range(0, 337).Concat(Enumerable.Range(424, 46));

        Assert.Equal(expected, Enum.GetValues<SystemCall>().Select(call => (int)call));
    }

    [GeneratedRegex(@"^Linux \d+\.\d+, (include|arch)/\S+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Origin();
}
