using ShellGuard.Core;

namespace ShellGuard.Cells.Tests.Terminals;

internal static class Samples
{
    internal static Access Access(string target, Operation operation = Operation.Read) => new(
        [new ProcessIdentity(4711, 1, 4700, "/usr/bin/cat"), new ProcessIdentity(4700, 1, 1, "/bin/bash")],
        operation,
        target,
        Verdict.Ask(new RuleSource("/home/u/policy.toml", 12, 3, "net = \"ask\""), "the rule says so"));
}
