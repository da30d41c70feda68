using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>What a policy says about one thing.</summary>
/// <param name="Question">What was asked, for example <c>read</c>.</param>
/// <param name="Target">An absolute path, or an endpoint.</param>
/// <param name="Note">What else counts on this host now, or null.</param>
internal sealed record PolicyAnswer(string Question, string Target, Verdict Verdict, string? Note = null);
