using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Findings;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests;

/// <summary>Hostile recordings and audits, as they are and damaged in many ways, through everything that reads them:
/// no crash, and nothing that acts on a terminal.</summary>
public sealed class CorpusTests
{
    private const int Damages = 4;

    public static TheoryData<string> Files =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("corpus:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_corpus() => Assert.InRange(Files.Count, 10, 1000);

    [Theory, MemberData(nameof(Files))]
    public void It_goes_through_whole_and_damaged(string name)
    {
        byte[] content = Content(name);
        Random random = new(name.Length);
        Through(name, content);
        for (int damage = 0; damage < Damages; damage++)
        {
            byte[] damaged = [.. content];
            for (int change = 0; change <= damage % 7; change++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            int start = damage % 3 == 0 ? random.Next(damaged.Length) : 0;
            Through(name, damaged[start..]);
        }
    }

    private static void Through(string name, byte[] content)
    {
        ImportResult result;
        if (name.EndsWith(".audit", StringComparison.Ordinal))
        {
            AuditFileResult read = AuditSample.Read(WithEnd(content));
            Assert.Equal(read.File is null, read.Problems.Count > 0);
            if (read.File is null)
            {
                return;
            }

            result = read.File.Result;
        }
        else
        {
            TraceFormat format = name.EndsWith(".strace", StringComparison.Ordinal) ? TraceFormat.Strace
                : name.EndsWith(".json", StringComparison.Ordinal) ? TraceFormat.BpftraceJson
                : name.EndsWith(".perf-script", StringComparison.Ordinal) ? TraceFormat.PerfScript
                : name.EndsWith(".perf-trace", StringComparison.Ordinal) ? TraceFormat.PerfTrace
                : TraceFormat.Ebpf;
            result = Recording.Of(content, format);
            AuditFileResult again = AuditSample.Read(AuditSample.Write(result));
            Assert.True(again.File is not null, string.Join("; ", again.Problems.Select(problem => problem.Text)));
            Assert.Equal(result.Accesses.Count, again.File.Result.Accesses.Count);
        }

        FakeHost host = new("/etc/shadow", "/etc/hosts");
        AccessProfile profile = ProfileBuilder.Build(result, new GeneralOptions(), host);
        ReportDocument report = ReportBuilder.Build(profile, NoPackages.Instance);
        List<string> texts = [HtmlReport.Write(report), MarkdownReport.Write(report), JsonReport.Write(report)];
        texts.AddRange(Exporters.All(host).Select(exporter => exporter.Write(profile, new ExportOptions())));
        Assert.All(texts, text => Assert.False(text.Any(letter => char.IsControl(letter) && letter != '\n'), text));
        AuditMerge.Of([new NamedAudit("a", new AuditFile("", result, "")), new NamedAudit("b", new AuditFile("", result, ""))]);
    }

    /// <summary>An audit whose hash is right, so that everything behind the hash is reached.</summary>
    private static byte[] WithEnd(byte[] content) =>
    [
        .. content, .. Encoding.ASCII.GetBytes(
            $"{{\"end\":{content.Count(value => value == '\n')},\"sha256\":\"{Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant()}\"}}\n"),
    ];

    private static byte[] Content(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
