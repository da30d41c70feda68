using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>How a session asks and records.</summary>
/// <param name="AskTimeout">How long a question waits for its answer; then the answer is no.</param>
/// <param name="Record">Whether the terminal's output is recorded.</param>
/// <param name="RecordInput">Whether what is typed is recorded too, passwords included.</param>
/// <param name="ExplainReads">Whether every look for a hidden file is explained. Then opens and looks at files go by
/// the supervisor, which costs each of them a round trip.</param>
/// <param name="Sources">The rule behind each setting that is not the built-in one, by its key.</param>
public sealed record SessionRules(
    TimeSpan AskTimeout, bool Record, bool RecordInput, bool ExplainReads, IReadOnlyDictionary<string, RuleSource> Sources)
{
    public static SessionRules BuiltIn { get; } = new(
        TimeSpan.FromSeconds(60), true, false, false, new Dictionary<string, RuleSource>(StringComparer.Ordinal));
}
