import { Cursor } from '../../source/cursor.js';
import type { SourceTree } from '../../source/tree.js';

/** A resource, or a data source whose values are known. */
export interface PlanResource {
  /** `module.network.aws_subnet.all["public"]` */
  readonly address: string;
  /** The address of its module; empty for the root module. */
  readonly module: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** The key of `count` or `for_each`. */
  readonly index: string | null;
  readonly values: Cursor;
  /** The expressions of the configuration, by attribute. */
  readonly expressions: Cursor;
  /** That of `for_each`. */
  readonly forEach: Cursor;
}

/** A plan or state as `terraform show -json` prints it. */
export class Plan {
  readonly resources: readonly PlanResource[];
  readonly #root: Cursor;

  constructor(tree: SourceTree) {
    const root = Cursor.root(tree);
    this.#root = root.at('configuration').at('root_module');
    const planned = root.at('planned_values').isMissing ? root.at('values') : root.at('planned_values');
    const known = [root.at('prior_state').at('values'), planned].map((values) =>
      this.#walk(values.at('root_module'), ''),
    );
    const [prior = [], now = []] = known;
    this.resources = [
      ...now,
      ...prior.filter(({ mode, address }) => mode === 'data' && !now.some((each) => each.address === address)),
    ];
  }

  /** The configuration of a module, by its address: every instance of one has the same. */
  module(address: string): Cursor {
    return moduleNames(address).reduce((module, name) => module.at('module_calls').at(name).at('module'), this.#root);
  }

  /** The `module` block by which the parent calls a module. */
  moduleCall(address: string): Cursor {
    const name = moduleNames(address).at(-1) ?? '';
    return this.module(parentModule(address)).at('module_calls').at(name);
  }

  #walk(module: Cursor, address: string): PlanResource[] {
    const configured = this.module(address).items('resources');
    const own = module.items('resources').map((item): PlanResource => {
      const type = item.needText('type');
      const name = item.needText('name');
      const mode = item.text('mode') === 'data' ? 'data' : 'managed';
      const config = configured.find(
        (each) => each.text('type') === type && each.text('name') === name && (each.text('mode') ?? 'managed') === mode,
      );
      const full = item.needText('address');
      const nothing = new Cursor(item.tree, item.path, undefined);
      return {
        address: full,
        module: address,
        mode,
        type,
        name,
        index: item.text('index'),
        values: item.at('values'),
        expressions: config?.at('expressions') ?? nothing,
        forEach: config?.at('for_each_expression') ?? nothing,
      };
    });
    const children = module.items('child_modules').flatMap((child) => this.#walk(child, child.needText('address')));
    return [...own, ...children];
  }
}

/** `module.a.module.b["x"]` -> `module.a` */
export function parentModule(address: string): string {
  return address.replace(/(^|\.)module\.[^.[\]]+(\[[^\]]*\])?$/, '');
}

function moduleNames(address: string): string[] {
  return [...address.matchAll(/(?:^|\.)module\.([^.[\]]+)(?:\[[^\]]*\])?/g)].flatMap(([, name]) => name ?? []);
}
