using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Words that name a session and paths: <c>[SESSION] [PATH...]</c>. A first word that begins a session's name
/// is the session; <c>./WORD</c> is always a path.</summary>
internal sealed class SessionArguments
{
    private readonly Argument<string[]> _words = new("session-or-path")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "A session's name or the beginning of it, and paths of the host",
    };

    public SessionArguments() => _words.Validators.Add(UnknownOptions.RefuseAll);

    public void AddTo(Command command) => command.Arguments.Add(_words);

    public static SessionCatalog Catalog => SessionCatalog.Open(Invocation.StorageRoot, Invocation.User.Uid);

    /// <summary>Who decides, for the journal.</summary>
    public static DecisionMaker Maker => new(
        Invocation.User.Name, Invocation.Version, ["shellguard", .. Environment.GetCommandLineArgs().Skip(1)]);

    /// <summary>The session and the paths that are meant.</summary>
    /// <param name="suits">Which sessions count where none is named.</param>
    /// <param name="none">What to say when none does.</param>
    /// <exception cref="SessionException">There is no such session, or a path cannot be understood.</exception>
    public (StoredSession Session, IReadOnlyList<string> Paths) Read(
        ParseResult parsed, SessionCatalog catalog, Func<StoredSession, bool>? suits, string none)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        bool named = words.Length > 0 && catalog.Names(words[0]);
        string unknown = words.Length > 0 && !named ? $"no session's name begins with '{words[0]}', and " : "";
        StoredSession session = catalog.Find(named ? words[0] : null, suits, unknown + none);
        return (session, [.. words.Skip(named ? 1 : 0).Select(Resolve)]);
    }

    /// <summary>One session at most, and no paths.</summary>
    public StoredSession ReadSession(
        ParseResult parsed, SessionCatalog catalog, Func<StoredSession, bool>? suits = null, string? none = null)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        return words.Length > 1
            ? throw new SessionException($"'{words[1]}' is too much: one session at most")
            : catalog.Find(words.Length > 0 ? words[0] : null, suits, none);
    }

    /// <summary>Makes a path of the host absolute.</summary>
    public static string Resolve(string path) =>
        PathText.TryResolve(Glob.Quote(path), Invocation.PolicyContext, out string? resolved, out _, out string? problem)
            ? resolved
            : throw new SessionException($"'{path}' is not a path: {problem}");
}
