import { Argument, type Command, Option } from 'commander';
import type { Cloud } from '../cloud/types.js';
import { writeExactly, writeOutput } from './output.js';

const FORMATS = ['text', 'mermaid', 'dot', 'svg'] as const;
type Format = (typeof FORMATS)[number];

interface GraphOptions {
  readonly format: Format;
  readonly output?: string;
}

export function registerGraph(program: Command): void {
  program
    .command('graph')
    .addArgument(new Argument('[source]', 'a file in any readable format, or a running lab'))
    .summary('a picture of a file or running lab')
    .description(
      'Draws VPCs, subnets with their machines and security groups, route tables and what they lead to: as text, as a\n' +
        'Mermaid flowchart for Markdown, for Graphviz, or as an SVG file. Machines that are alike are folded in large labs.',
    )
    .addOption(new Option('--format <format>', 'the form of the picture').choices(FORMATS).default('text'))
    .option('-o, --output <file>', 'where to write it (default: stdout)')
    .addHelpText(
      'after',
      '\nExample:\n  $ sglab graph scenarios/securecart-web.yaml\n  $ sudo sglab graph --format svg -o shop.svg',
    )
    .action(graph);
}

async function graph(source: string | undefined, { format, output }: GraphOptions): Promise<void> {
  const { openSource } = await import('./import-export.js');
  const { cloud } = await openSource(source);
  const text = await draw(cloud, format);
  if (output === undefined) return writeExactly(text);
  await writeOutput(output, text);
}

async function draw(cloud: Cloud, format: Format): Promise<string> {
  const [{ diagramOf }, { FOLD_AUTO }] = await Promise.all([
    import('../picture/diagram.js'),
    import('../picture/machines.js'),
  ]);
  const diagram = diagramOf(cloud, FOLD_AUTO);
  switch (format) {
    case 'text':
      return (await import('./report/diagram.js')).formatDiagram(diagram);
    case 'mermaid':
      return (await import('../picture/mermaid.js')).renderMermaid(diagram);
    case 'dot':
      return (await import('../picture/dot.js')).renderDot(diagram);
    case 'svg': {
      const [{ layOut }, { renderSvg }] = await Promise.all([
        import('../picture/layout.js'),
        import('../picture/svg.js'),
      ]);
      return renderSvg(layOut(diagram));
    }
  }
}
