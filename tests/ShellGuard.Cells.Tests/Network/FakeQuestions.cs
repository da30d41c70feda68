using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Tests.Network;

internal sealed class FakeQuestions : IQuestions
{
    internal Func<Access, Answer> Reply { get; set; } = _ => Answer.Deny;

    public Answer Ask(Access access, out string by)
    {
        by = "a test";
        return Reply(access);
    }
}
