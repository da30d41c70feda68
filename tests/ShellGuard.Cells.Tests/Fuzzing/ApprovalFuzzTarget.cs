using System.Text.Json;
using ShellGuard.Cells.Gates;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Fuzzing;

/// <summary>What anybody on the host sends to a session that asks, and what anybody answers who pretends to be one.
/// </summary>
internal sealed class ApprovalFuzzTarget : IFuzzTarget
{
    private const int SOCK_STREAM = 1;
    private const int Longest = 4096;

    public string Corpus => "approvals";

    public void Run(ReadOnlySpan<byte> data)
    {
        Sockets.CreatePair(SOCK_STREAM, out Descriptor ours, out Descriptor theirs).OrThrow();
        using Descriptor reader = ours;
        using (theirs)
        {
            if (!data.IsEmpty)
            {
                DescriptorIo.Write(theirs, data).OrThrow();
            }
        }

        using JsonDocument? message = ApprovalMessage.Read(reader, Longest, turns: 4);
        if (message is null)
        {
            return;
        }

        Assert.Equal(JsonValueKind.Object, message.RootElement.ValueKind);
        foreach (string name in (string[])["do", "id", "reason", "sha256", "problem"])
        {
            Assert.NotNull(ApprovalMessage.Text(message.RootElement, name));
        }

        ApprovalMessage.Number(message.RootElement, "missing");
        foreach (ApprovalQuestion question in Approvals.Read(message, "session", 0))
        {
            Assert.NotNull(question.Id);
        }
    }
}
