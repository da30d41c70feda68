using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>The wording of notices and questions.</summary>
internal static class NoticeText
{
    /// <summary>For example <c>denied: cat: read /etc/shadow (preset:default:12) - shellguard why 3</c>.</summary>
    internal static string Denied(Access access, int number)
    {
        string who = access.Chain.Count > 0 ? $"{Program(access.Chain[0])}: " : "";
        string what = $"{Verb(access.Operation)} {DisplayText.Escape(access.Target, 160)}";
        string rule = DisplayText.Escape(access.Verdict.Rule.Position, 80);
        return $"denied: {who}{what} ({rule}) - shellguard why {number}";
    }

    internal static string Program(ProcessIdentity process)
    {
        int slash = process.Program.LastIndexOf('/');
        return DisplayText.Escape(process.Program[(slash + 1)..], 40);
    }

    internal static string Verb(Operation operation) => operation switch
    {
        Operation.Read => "read",
        Operation.Write => "write",
        Operation.Create => "create",
        Operation.Delete => "delete",
        Operation.Rename => "rename",
        Operation.List => "list",
        Operation.Stat => "look at",
        Operation.Execute => "run",
        Operation.MapExecutable => "load as code",
        Operation.Connect => "connect to",
        Operation.Bind => "bind",
        Operation.Listen => "listen on",
        Operation.Send => "send to",
        Operation.ChangeIdentity => "change identity to",
        Operation.LoadCode => "load code",
        Operation.Signal => "signal",
        Operation.Trace => "trace",
        Operation.Resolve => "look up",
        Operation.SystemCall => "call",
        Operation.ChangeAttributes => "change attributes of",
        _ => operation.ToString(),
    };
}
