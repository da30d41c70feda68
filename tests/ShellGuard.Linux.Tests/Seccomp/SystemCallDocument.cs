using System.Globalization;
using System.Text;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>The table as the page docs/system-calls.md.</summary>
internal static class SystemCallDocument
{
    internal static string Write()
    {
        SystemCallTable table = SystemCallTable.Default;
        SystemCallTable explaining = SystemCallTable.For(new FilterOptions { ExplainWrites = true });
        SystemCallTable apart = SystemCallTable.For(new FilterOptions { Apart = true });
        SystemCallTable debugging = SystemCallTable.For(new FilterOptions { AllowPtrace = true });
        SystemCallTable nesting = SystemCallTable.For(new FilterOptions { AllowUserNamespaces = true });

        var text = new StringBuilder();
        text.Append(
            $"""
            # System calls

            What the filter of a cell does with every system call of x86-64 up to Linux 6.18, and why. This page is
            printed from the table in `src/ShellGuard.Linux/Seccomp`, from which the filter is compiled as well; a test
            compares them. `shellguard plan --filter` prints the filter of a policy. How to add a call:
            [dev/add-a-system-call.md](dev/add-a-system-call.md).

            - **pass**: the kernel carries it out. Since Linux 5.11 such a call costs nothing.
            - **deny**: it fails with that error.
            - **mediate**: it waits for the supervisor.
            - **partly**: its arguments decide. They are compared as wide as the kernel reads them.

            Other numbers: {SystemCallTable.Unknown}, as on a kernel that is older than the call, which programs are
            made for. x32: {SystemCallTable.X32}, as on a kernel without x32. i386 and other architectures: the process
            is killed by SIGSYS, because no number here says what such a call is.

            Of {table.Lines.Length} calls {Count(table, Disposition.Passed)} pass,
            {Count(table, Disposition.Denied)} are denied, {Count(table, Disposition.Mediated)} are mediated, and
            {Count(table, Disposition.Partly)} pass partly.

            | number | call | what happens | held by | why |
            | -: | - | - | - | - |

            """);
        foreach (SystemCallLine line in table.Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {(int)line.Call} | `{line.Call}` | {What(line)} | ");
            text.Append(CultureInfo.InvariantCulture, $"{Words(line.HeldBy)} | {line.Reason} |\n");
        }

        text.Append("\n## Rules about arguments\n\nThe first rule that holds decides.\n");
        AppendRules(text, table.Lines.Where(line => line.Disposition == Disposition.Partly));
        text.Append("\n## With explanations of writes\n\nThe supervisor lets them continue: the view decides.\n");
        AppendChanges(text, table, explaining);
        text.Append(
            "\n## With walls\n\nWhat tells cells of each other is refused, or done by the supervisor where it concerns the "
            + "cell's own files only; see [leaks.md](leaks.md).\n");
        AppendChanges(text, table, apart);
        text.Append("\n## With the grant for debuggers\n");
        AppendChanges(text, table, debugging);
        text.Append("\n## With the grant for nested sandboxes\n");
        AppendChanges(text, table, nesting);
        return text.ToString();
    }

    private static int Count(SystemCallTable table, Disposition disposition) =>
        table.Lines.Count(line => line.Disposition == disposition);

    private static string What(SystemCallLine line) =>
        line.Disposition == Disposition.Partly ? $"partly; otherwise {line.Otherwise}" : $"{line.Otherwise}";

    private static void AppendRules(StringBuilder text, IEnumerable<SystemCallLine> lines)
    {
        foreach (SystemCallLine line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n`{line.Call}`:\n\n");
            foreach (ArgumentRule rule in line.Rules)
            {
                string tests = string.Join(" and ", rule.Tests.Select(test => $"`{test}`"));
                text.Append(CultureInfo.InvariantCulture, $"- {tests}: {rule.Outcome}; {rule.Meaning}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"- otherwise: {line.Otherwise}\n");
        }
    }

    private static void AppendChanges(StringBuilder text, SystemCallTable from, SystemCallTable to)
    {
        List<SystemCallLine> changed = [.. to.Lines.Where(line => Differs(line, from.Find(line.Call)!))];
        text.Append("\n| call | what happens | why |\n| - | - | - |\n");
        foreach (SystemCallLine line in changed)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{line.Call}` | {What(line)} | {line.Reason} |\n");
        }

        AppendRules(text, changed.Where(line => line.Disposition == Disposition.Partly));
    }

    private static bool Differs(SystemCallLine line, SystemCallLine other) =>
        line.Otherwise != other.Otherwise
        || !line.Rules.Select(rule => rule.Meaning).SequenceEqual(other.Rules.Select(rule => rule.Meaning));

    private static string Words(Holder holder) => holder switch
    {
        Holder.OwnProcess => "own process only",
        Holder.Descriptors => "descriptors",
        Holder.View => "view",
        Holder.PidNamespace => "pid namespace",
        Holder.IpcNamespace => "ipc namespace",
        Holder.NetworkNamespace => "network namespace",
        Holder.UserNamespace => "user namespace",
        Holder.Limits => "limits",
        Holder.Filter => "filter",
        _ => "supervisor",
    };
}
