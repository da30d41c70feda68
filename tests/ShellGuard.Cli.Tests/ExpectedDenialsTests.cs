using System.Text;
using ShellGuard.Audit.Import;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Cli.Tests;

/// <summary>What a recording has as a failure too is no new denial; anything else is.</summary>
public sealed class ExpectedDenialsTests
{
    [Theory]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDONLY) = -1 EACCES (Permission denied)", Operation.Read, true)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDONLY) = -1 EACCES (Permission denied)", Operation.Write, false)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDONLY) = -1 EACCES (Permission denied)", Operation.Delete, false)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_WRONLY) = -1 EACCES (Permission denied)", Operation.Write, true)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_WRONLY) = -1 EACCES (Permission denied)", Operation.Read, false)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDWR) = -1 EACCES (Permission denied)", Operation.Read, true)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDONLY|O_DIRECTORY) = -1 EACCES (Permission denied)", Operation.Read, true)]
    [InlineData("execve(\"/x\", [\"x\"], 0x7ffe /* 1 var */) = -1 ENOENT (No such file or directory)", Operation.Read, true)]
    [InlineData("stat(\"/x\", 0x7ffe) = -1 ENOENT (No such file or directory)", Operation.Stat, true)]
    [InlineData("stat(\"/x\", 0x7ffe) = -1 ENOENT (No such file or directory)", Operation.Read, true)]
    [InlineData("stat(\"/x\", 0x7ffe) = -1 ENOENT (No such file or directory)", Operation.Create, false)]
    [InlineData("mkdir(\"/x\", 0755) = -1 EACCES (Permission denied)", Operation.Create, true)]
    [InlineData("mkdir(\"/x\", 0755) = -1 EACCES (Permission denied)", Operation.Delete, false)]
    [InlineData("rename(\"/a\", \"/x\") = -1 EACCES (Permission denied)", Operation.Rename, true)]
    [InlineData("openat(AT_FDCWD, \"/x\", O_RDONLY) = 3", Operation.Read, false)]
    public void A_denial_is_expected_for_the_same_operation(string line, Operation denied, bool expected) =>
        Assert.Equal(expected, Of(line).Has(Denial(denied)));

    /// <summary>A failure beside a success of the same operation may come from another moment, or from another user.</summary>
    [Fact]
    public void What_also_succeeded_is_not_expected_to_fail()
    {
        const string denied = "openat(AT_FDCWD, \"/x\", O_RDONLY) = -1 EACCES (Permission denied)";
        Assert.False(Of(denied, "openat(AT_FDCWD, \"/x\", O_RDONLY) = 3").Has(Denial(Operation.Read)));
        Assert.True(Of(denied, "stat(\"/x\", {st_mode=S_IFREG|0600, st_size=1, ...}) = 0").Has(Denial(Operation.Read)));
    }

    private static AccessEvent Denial(Operation operation) => new(operation, HostileText.Of("/x"u8), Decision.Deny, "no", null);

    private static ExpectedDenials Of(params string[] lines) => new(Importer.Run(
        new ImportOptions(["-"]) { StandardInput = () => new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"10 {line}\n")))) },
        CancellationToken.None));
}
