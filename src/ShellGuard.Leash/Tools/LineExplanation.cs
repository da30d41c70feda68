using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Leash.Lines;

namespace ShellGuard.Leash.Tools;

/// <summary>What would become of a line, and why.</summary>
/// <param name="IsAllowed">Whether it would run.</param>
/// <param name="Lines">For a person.</param>
public sealed record LineExplanation(bool IsAllowed, IReadOnlyList<string> Lines)
{
    /// <summary>Asks without running anything.</summary>
    public static LineExplanation Of(string line, LeashConfiguration configuration)
    {
        List<string> lines = [];
        LineJudgement judged = LineLanguage.Judge(Encoding.UTF8.GetBytes(line), configuration);
        if (judged.IsHelp)
        {
            return new LineExplanation(true, ["allowed: it lists the names"]);
        }

        if (judged.Entry is not { } entry)
        {
            lines.Add(judged.IsDenied ? $"denied: {LineJudgement.Text(judged.Reason)}" : "nothing: a blank line or a comment");
            if (judged.IsDenied)
            {
                lines.Add($"because  {Why(judged)} in {SafeText.Escape(configuration.File)}");
            }

            return new LineExplanation(!judged.IsDenied, lines);
        }

        Refusal? refusal = new StagePreparer(configuration).Prepare(entry, out PreparedPipeline? prepared);
        using (prepared)
        {
            lines.Add(refusal is null ? "allowed" : $"denied: {refusal.Message}");
            lines.Add($"rule     {SafeText.Escape(entry.Source.ToString())}");
            lines.AddRange(entry.Stages.Select(stage => $"stage    {string.Join(' ', stage.Words.Select(SafeText.Escape))}"));
            lines.AddRange((prepared?.Stages ?? []).SelectMany(FilesOf));
            if (EntryText.Restrictions(entry) is { Length: > 0 } restrictions)
            {
                lines.Add($"held by  {restrictions}");
            }

            return new LineExplanation(refusal is null, lines);
        }
    }

    private static IEnumerable<string> FilesOf(PreparedStage stage) =>
        new[] { stage.File, stage.Interpreter }.OfType<StageFile>().Select(file =>
            $"file     {SafeText.Escape(file.Path)} inode {file.Status.Inode} sha256 {file.Sha256}"
            + (FileReader.IsRootsAlone(file.Status) ? "" : ", run as a sealed copy: others can write it"));

    private static string Why(LineJudgement judged) => judged.Reason switch
    {
        Core.Events.LineReason.NotText => "it is not valid UTF-8, and so no name",
        Core.Events.LineReason.ControlCharacter => "it has a control character, which no name has",
        Core.Events.LineReason.TooLong => "it is longer than any name",
        _ => "no entry has exactly this name",
    };
}
