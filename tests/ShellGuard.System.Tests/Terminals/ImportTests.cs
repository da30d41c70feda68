using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>Who waits for a long import sees how far it is.</summary>
public sealed class ImportTests
{
    private const int Lines = 1_000_000;

    [Theory, BothIdentities]
    public void A_long_import_has_a_bar_that_is_gone_at_the_end(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("log", string.Concat(Enumerable.Range(0, Lines).Select(line => $"10 openat(AT_FDCWD, \"/a{line % 1000}\", O_RDONLY) = 3\n")));
        string shown = area.Outside("script", "-qec", $"{NativeBinary.Path} import log", "/dev/null").Output;
        Assert.Matches(@"\r\e\[K\[#+\.+\] +\d+ %  [\d,]+ lines, [\d.]+ MB, 1,000 accesses", shown);
        string rest = shown[shown.LastIndexOf("accesses\r\e[K", StringComparison.Ordinal)..];
        Assert.Contains("1,000,000 lines", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("[#", rest, StringComparison.Ordinal);

        // Elsewhere than on a terminal there is none.
        Assert.DoesNotContain("[#", area.Outside(NativeBinary.Path, "import", "log").Errors, StringComparison.Ordinal);
    }
}
