namespace ShellGuard.Journal.Tests.Fuzzing;

internal sealed class JournalVerifierTarget : IFuzzTarget
{
    public string Name => "journal-verifier";

    public void Run(ReadOnlyMemory<byte> input)
    {
        JournalVerification found = JournalVerifier.Verify(new MemoryStream(input.ToArray()));
        Assert.Equal(found.Status == JournalStatus.Valid, found.Fault is null);
    }
}
