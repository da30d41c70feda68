using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Tests.Toml;
using ShellGuard.Policy.Toml;
using Xunit;

namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>The reader never throws, always comes to an end, and every place that it reports lies in the text.</summary>
public sealed class TomlFuzzTarget : IFuzzTarget
{
    public string Corpus => "toml";

    public void Run(ReadOnlySpan<byte> input)
    {
        var document = TomlReader.Read(input);
        int lines = document.Text.Text.Count(c => c == '\n') + 1;
        foreach (var error in document.Errors)
        {
            Assert.InRange(error.Span.Line, 1, lines);
            Assert.InRange(error.Span.Column, 1, document.Text.Text.Length + 1);
            Assert.True(error.Span.Length >= 1);
            var diagnostic = new Diagnostic(
                Severity.Error, "fuzz", error.Span.Line, error.Span.Column, error.Span.Length, error.Message);
            string rendered = DiagnosticRenderer.Render(diagnostic, document.Text.Text);
            Assert.DoesNotContain(rendered, c => char.IsControl(c) && c != '\n');
        }

        _ = TomlNotation.Write(document.Root);
    }
}
