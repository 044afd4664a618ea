declare const taskIdBrand: unique symbol;

/** An instance's full address, `lrr/retrain@seed=0,step=3`: unique in a plan. */
export type TaskId = string & { readonly [taskIdBrand]: true };

export function taskId(text: string): TaskId {
  return text as TaskId;
}
