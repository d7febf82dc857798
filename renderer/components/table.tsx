import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
}

/** Rows and columns with a caption; the first column names the row. Scrolls within itself when there is too little room. */
export function Table<Row>(props: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** When a heading says the same already. */
  readonly isCaptionHidden?: boolean;
}) {
  return (
    <div class="table-scroll" role="region" aria-label={props.caption} tabIndex={0}>
      <table class="table">
        <caption class={props.isCaptionHidden === true ? 'spoken' : undefined}>{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map(({ id, title, isNumber }) => (
              <th key={id} scope="col" class={isNumber === true ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)}>
              {props.columns.map((column, index) => (
                <Cell key={column.id} column={column} row={row} isName={index === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>(props: { readonly column: Column<Row>; readonly row: Row; readonly isName: boolean }) {
  const content = props.column.cell(props.row);
  if (props.isName) return <th scope="row">{content}</th>;
  return <td class={props.column.isNumber === true ? 'number' : undefined}>{content}</td>;
}
