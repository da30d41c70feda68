using System.Text;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Tests;

/// <summary>Recordings written by hand, and what was understood of them, in short.</summary>
internal static class Recording
{
    /// <summary>Imports lines, each ended by a line feed.</summary>
    public static ImportResult Of(params IEnumerable<string> lines) =>
        Of(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    /// <summary>Imports bytes as they are, as from standard input.</summary>
    public static ImportResult Of(byte[] bytes, TraceFormat format = TraceFormat.Auto) => Importer.Run(
        new ImportOptions(["-"]) { StandardInput = () => new MemoryStream(bytes), Format = format },
        CancellationToken.None);

    /// <summary>Each access as <c>Read /etc/hosts</c>, with the outcome behind it where it is no success, and
    /// <c>?</c> where the path is relative to something unknown.</summary>
    public static IEnumerable<string> Accesses(this ImportResult result) => result.Accesses.Select(Text);

    /// <summary>As <see cref="Accesses"/>, with the program in front.</summary>
    public static IEnumerable<string> WithPrograms(this ImportResult result) =>
        result.Accesses.Select(seen => $"{seen.Access.Chain[0].Program}: {Text(seen)}");

    /// <summary>The programs from the actor to its first ancestor.</summary>
    public static string Chain(this SeenAccess seen) =>
        string.Join(" < ", seen.Access.Chain.Select(process => $"{process.Program}[{process.Pid}]"));

    public static string Words(this ArgumentVector arguments) =>
        string.Join('|', arguments.Kept.Select(argument => argument.ToString()));

    private static string Text(SeenAccess seen)
    {
        Access access = seen.Access;
        string outcome = access.Outcome.Kind == OutcomeKind.Success ? ""
            : access.Outcome.Error.Length > 0 ? $" {access.Outcome.Error}"
            : $" {access.Outcome.Kind}";
        string destination = access.Destination is null ? "" : $" -> {access.Destination}";
        string resolved = access.Resolved is null ? "" : $" => {access.Resolved}";
        return $"{access.Operation} {(access.IsUnresolved ? "?" : "")}{access.Target}{destination}{resolved}{outcome}";
    }
}
