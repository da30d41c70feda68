using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>The model's operations on real cells: random traces of commands that take, send, hand on and keep real bytes,
/// cells that are severed and frozen, gates that are passed, layers that are published. What the model allows works, what
/// it refuses is refused, and no byte is where its origin must not get.</summary>
public sealed class ModelTests
{
    private const int Traces = 12;
    private const int Operations = 15;
    private const int Kinds = 3;

    [Theory, BothIdentities]
    public void Random_traces_do_for_real_what_the_model_says(Identity identity)
    {
        for (int trace = 0; trace < Traces; trace++)
        {
            int seed = (int)identity * 1000 + trace;
            using ModelWorld world = new(identity, new Random(seed), (ModelKind)(trace % Kinds));
            for (int i = 0; i < Operations; i++)
            {
                world.Step();
            }

            world.Run($"trace {seed}");
        }
    }
}
