using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Tests;

/// <summary>For those to whom only the answer matters.</summary>
internal static class QuestionsExtensions
{
    public static Answer Ask(this IQuestions questions, Access access) => questions.Ask(access, out _);
}
