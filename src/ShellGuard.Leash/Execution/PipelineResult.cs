using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Leash.Execution;

/// <summary>What became of a pipeline.</summary>
/// <param name="Status">For the caller.</param>
/// <param name="Stages">Those that ran, in their order.</param>
/// <param name="Duration">From the first launch to the last end.</param>
/// <param name="Refusal">Why it could not be launched; null where it could.</param>
/// <param name="Problem">What ended it; null where it ended by itself.</param>
public sealed record PipelineResult(
    int Status, IReadOnlyList<StageResult> Stages, TimeSpan Duration, Refusal? Refusal, string? Problem)
{

    /// <summary>Whether somebody pressed Ctrl-C or Ctrl-\: then a script goes no further.</summary>
    public bool WasInterrupted => Stages.Any(stage => stage.Exit.Signal is SIG.INT or SIG.QUIT);

    /// <summary>The status of a pipeline by those of its stages.</summary>
    public static int StatusOf(IReadOnlyList<StageResult> stages, PipeFail rule)
    {
        for (int i = stages.Count - 1; i >= 0; i--)
        {
            bool last = i == stages.Count - 1;
            bool failed = stages[i].Exit.Status != 0
                && (last || rule == PipeFail.Strict || stages[i].Exit.Signal != SIG.PIPE);
            if (failed && (last || rule != PipeFail.Last))
            {
                return stages[i].Exit.Status;
            }
        }

        return 0;
    }
}
