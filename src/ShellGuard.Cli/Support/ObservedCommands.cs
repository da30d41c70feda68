using System.Globalization;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Proposals;

namespace ShellGuard.Cli.Support;

/// <summary>The commands that an audit shows, as the leash's proposals take them.</summary>
internal static class ObservedCommands
{
    private const int MostNamed = 5;

    /// <summary>Distinct commands, the most frequent first.</summary>
    public static IReadOnlyList<ObservedCommand> Of(ImportResult audit)
    {
        bool isComplete = audit.Coverage.State == CoverageState.Complete;
        Dictionary<string, Found> found = new(StringComparer.Ordinal);
        Dictionary<string, ObservedNeeds> needs = new(StringComparer.Ordinal);
        foreach (SeenAccess seen in audit.Accesses)
        {
            Access access = seen.Access;
            if (access.Chain is [var actor, ..])
            {
                string key = Key(actor.Program, actor.Arguments);
                needs[key] = needs.GetValueOrDefault(key) | NeedOf(access);
            }

            // A start that failed is no evidence that anybody needs it.
            if (access.Operation == Operation.Execute && access.Outcome.IsGranted)
            {
                string key = Key(access.Target, access.Arguments);
                if (!found.TryGetValue(key, out Found? command))
                {
                    command = new Found(key, access, Place(audit, seen.Origin));
                    found.Add(key, command);
                }

                command.Add(seen);
            }
        }

        List<Found> sorted = [.. found.Values];
        sorted.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(a.Key, b.Key));
        return [.. sorted.Select(command => command.ToCommand(
            isComplete && needs.TryGetValue(command.Key, out ObservedNeeds known) ? known : ObservedNeeds.Unknown))];
    }

    private static ObservedNeeds NeedOf(Access access) => access switch
    {
        { Outcome.IsGranted: false } => ObservedNeeds.None,
        { Operation: Operation.Execute } => ObservedNeeds.Executes,
        { Operation: Operation.Connect or Operation.Bind or Operation.Listen or Operation.Send } => ObservedNeeds.UsesNetwork,
        { Operation: Operation.Write or Operation.Create or Operation.Delete or Operation.Rename or Operation.ChangeAttributes } =>
            access.Target is "/dev/null" or "/dev/tty" ? ObservedNeeds.None : ObservedNeeds.Changes,
        _ => ObservedNeeds.None,
    };

    private static string Key(string program, ArgumentVector arguments) =>
        $"{program}\0{string.Join('\0', arguments.Kept.Select(argument => argument.ToString()))}\0{arguments.Sha256}{(arguments.IsCut ? "…" : "")}";

    private static string Place(ImportResult audit, Origin origin) =>
        origin.Input < audit.Inputs.Count && origin.Line > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{audit.Inputs[origin.Input].Name}:{origin.Line}")
            : "somewhere in the recording";

    /// <summary>A command while its evidence is put together.</summary>
    private sealed class Found(string key, Access first, string place)
    {
        private readonly List<string> _by = [];

        public string Key => key;

        public long Count { get; private set; }

        public void Add(SeenAccess seen)
        {
            Count += seen.Count;
            string by = seen.Access.Chain is [var actor, ..] ? Who(actor) : "somebody";
            if (!_by.Contains(by) && _by.Count <= MostNamed)
            {
                _by.Add(_by.Count == MostNamed ? "and others" : by);
            }
        }

        public ObservedCommand ToCommand(ObservedNeeds needs) =>
            new(first.Target, Words(first.Arguments), Count, place, _by) { Needs = needs };

        private static string Who(ProcessIdentity actor)
        {
            string user = actor.User is { } number ? string.Create(CultureInfo.InvariantCulture, $"user {number}") : "a user that is not known";
            string program = actor.Program.Length > 0 ? actor.Program : actor.CommandName;
            return program.Length > 0 ? $"{program} ({user})" : user;
        }

        private static List<string>? Words(ArgumentVector arguments)
        {
            if (!arguments.IsWhole || arguments.Count == 0)
            {
                return null;
            }

            List<string> words = [];
            UTF8Encoding strict = new(false, throwOnInvalidBytes: true);
            foreach (HostileText argument in arguments.Kept)
            {
                try
                {
                    words.Add(strict.GetString(argument.Kept.Span));
                }
                catch (DecoderFallbackException)
                {
                    return null;
                }
            }

            return words;
        }
    }
}
