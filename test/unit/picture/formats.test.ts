/** Pictures for other programs, read by those programs where they run here. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { formatDiagram } from '../../../src/cli/report/diagram.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { diagramOf } from '../../../src/picture/diagram.js';
import { renderDot } from '../../../src/picture/dot.js';
import { layOut } from '../../../src/picture/layout.js';
import { FOLD_AUTO } from '../../../src/picture/machines.js';
import { renderMermaid } from '../../../src/picture/mermaid.js';
import { renderSvg } from '../../../src/picture/svg.js';
import { largeCloud, SHOP } from './small-cloud.js';

/** Every character that AWS takes in a group's name, and some that it does not. */
const HOSTILE = 'a"]; end <script>alert(1)</script> & {x} \\" --> #quot; | $!*';
const NAMED_BADLY: Cloud = {
  ...SHOP,
  securityGroups: Object.fromEntries(
    Object.entries(SHOP.securityGroups).map(([id, group]) => [id, { ...group, name: HOSTILE }]),
  ),
};

describe('the picture for Graphviz', () => {
  it('is read by it, and has every machine', async () => {
    const graphviz = await Graphviz.load();
    const svg = graphviz.dot(renderDot(diagramOf(SHOP, FOLD_AUTO))).replaceAll('&#45;', '-');
    for (const name of ['web-1', 'web-2', 'db-1', 'front', 'office', 'Internet gateway']) expect(svg).toContain(name);
  });

  it('keeps names from being read as syntax', async () => {
    const graphviz = await Graphviz.load();
    const json = JSON.parse(graphviz.layout(renderDot(diagramOf(NAMED_BADLY, FOLD_AUTO)), 'json', 'dot'));
    const labels = json.objects.map(({ label }: { label?: string }) => label ?? '');
    expect(labels.some((label: string) => label.includes('<script>alert(1)</script>'))).toBe(true);
  });
});

describe('the picture for Markdown', () => {
  it('closes every subgraph, and names nothing that it has not defined', () => {
    const lines = renderMermaid(diagramOf(SHOP, FOLD_AUTO))
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(lines[0]).toBe('flowchart LR');
    expect(lines.filter((line) => line === 'end').length).toBe(lines.filter((line) => /^subgraph /.test(line)).length);
    const defined = new Set(lines.flatMap((line) => /^(?:subgraph )?(n\d+)\[/.exec(line)?.[1] ?? []));
    const named = lines.flatMap((line) => /^(n\d+) \S+ (n\d+)$|^(n\d+) .*\| (n\d+)$/.exec(line)?.slice(1) ?? []);
    expect(named.filter((id) => id !== undefined && !defined.has(id))).toEqual([]);
  });

  it('keeps names from being read as syntax', () => {
    for (const line of renderMermaid(diagramOf(NAMED_BADLY, FOLD_AUTO)).trim().split('\n')) {
      expect(line.replaceAll('<br>', '')).toMatch(
        /^(flowchart LR|\s*end|[^"]*|[^"]*"[^"<>{};|&\\]*(#\d+;[^"<>{};|&\\]*)*"[^"]*)$/,
      );
    }
  });
});

describe('the picture as an SVG file', () => {
  it('is one document, in which markup is text', () => {
    const svg = renderSvg(layOut(diagramOf(NAMED_BADLY, FOLD_AUTO)));
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(JSON.stringify(new XMLParser().parse(svg))).not.toContain('"script"');
  });

  it('asks for nothing from elsewhere', () => {
    expect(renderSvg(layOut(diagramOf(SHOP, FOLD_AUTO))).replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|url\(|href/,
    );
  });
});

describe('the picture for a terminal', () => {
  it('shows machines with their groups below their subnets, and where routes lead', () => {
    expect(formatDiagram(diagramOf(SHOP, FOLD_AUTO))).toBe(`VPC shop  10.0.0.0/16
├─ Subnet public  10.0.1.0/24 us-east-1a  route table shop.public
│  ├─ web-1  10.0.1.4 198.18.0.1  [web]
│  ├─ web-2  10.0.1.5  [web]
│  └─ Network Load Balancer front  10.0.1.6  [web]
│     ├─ port 80 → web-1
│     └─ port 80 → web-2
├─ Subnet private  10.0.2.0/24 us-east-1a  route table outward
│  └─ db-1  10.0.2.4  [db] [web]
├─ Route table shop.public  0.0.0.0/0 → Internet gateway
├─ Route table outward
│  ├─ 0.0.0.0/0 → nat
│  └─ 10.1.0.0/16 → p
├─ Internet gateway
└─ NAT gateway nat  in public 198.18.0.2
VPC data  10.1.0.0/16
Peering connection p  shop – data
Internet
└─ office  198.51.100.10
`);
  });

  it('fits 80 columns, and a screen where there are many machines', () => {
    for (const cloud of [NAMED_BADLY, largeCloud(400)]) {
      const lines = formatDiagram(diagramOf(cloud, FOLD_AUTO)).split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.length).toBeLessThan(30);
    }
  });
});
