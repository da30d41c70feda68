using System.Text;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Tests;

/// <summary>Policy files in memory.</summary>
internal sealed class MemoryFiles : Dictionary<string, byte[]>, IPolicyFiles
{
    public MemoryFiles()
        : base(StringComparer.Ordinal)
    {
    }

    public MemoryFiles With(string path, string text)
    {
        this[path] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public PolicyFileContent Read(string path) =>
        TryGetValue(path, out byte[]? bytes) ? PolicyFileContent.Of(bytes) : PolicyFileContent.Failed("no such file");
}
