using ShellGuard.Audit.Import;
using ShellGuard.Audit.Reports;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>Audit files made of lines of strace.</summary>
internal static class AuditSample
{
    public static byte[] Write(ImportResult result)
    {
        using MemoryStream stream = new();
        AuditWriter.Write(stream, result, "0.0-test");
        return stream.ToArray();
    }

    public static AuditFileResult Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return AuditFileReader.Read(stream);
    }

    /// <summary>An audit of these lines, written and read again.</summary>
    public static AuditFile Of(params IEnumerable<string> lines) => Again(Recording.Of(lines));

    /// <summary>Written and read again.</summary>
    public static AuditFile Again(ImportResult result)
    {
        AuditFileResult read = Read(Write(result));
        Assert.Empty(read.Problems);
        return read.File!;
    }

    /// <summary>A successful open for reading by one process.</summary>
    public static string Opened(string path) => $"10 openat(AT_FDCWD, \"{path}\", O_RDONLY) = 3";

    public static string Written(string path) => $"10 openat(AT_FDCWD, \"{path}\", O_WRONLY|O_CREAT, 0644) = 3";

    public static string Executed(string path) => $"10 execve(\"{path}\", [\"{path}\"], 0x7ffe /* 3 vars */) = 0";
}
